/** What a request says of where its program runs goes with the caller and lets nobody in. */
import { expect, it } from 'vitest';
import { callerOfRequest, withPlaces } from '../../../src/edge/http/authentication.ts';
import { PROCESS_HEADER } from '../../../src/edge/http/client-id.ts';
import { CALLER_OF, TOKEN } from './call.ts';

const callerOf = withPlaces('home', CALLER_OF);
const ask = (headers: Readonly<Record<string, string>>) => callerOfRequest((name) => headers[name], callerOf);
const authorization = `Bearer ${TOKEN}`;

it('a caller is inside the attempt that the program names', async () => {
  const caller = await ask({ authorization, [PROCESS_HEADER]: 'home/fix-login/ab/2' });
  expect(caller).toMatchObject({ name: 'ann', inside: 'attempt 2 of fix-login' });
});

it.each([
  ['of another home', 'elsewhere/fix-login/ab/2'],
  ['that is no mark', 'home/<b>bold</b>'],
])('a text %s is not looked at', async (_, mark) => {
  expect(await ask({ authorization, [PROCESS_HEADER]: mark })).toEqual(await ask({ authorization }));
});

it('without a token it is nobody', async () => {
  await expect(ask({ [PROCESS_HEADER]: 'home/fix-login/ab/2' })).rejects.toMatchObject({
    code: 'unauthorized',
  });
  await expect(ask({ authorization: 'Bearer other', [PROCESS_HEADER]: 'home/a/1' })).rejects.toMatchObject({
    code: 'unauthorized',
  });
});
