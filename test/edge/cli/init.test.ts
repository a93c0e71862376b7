/** `pawl init`: shows the proposal and writes it. */
import { describe, expect, it } from 'vitest';
import { pawl } from './fakes.ts';

describe('init', () => {
  it('shows and writes the proposal', async () => {
    const written: unknown[] = [];
    const writeProposal = async (...args: unknown[]) => void written.push(args);
    const { code, out, err } = await pawl(['init', '--repo', 'sub'], { writeProposal });
    expect(code).toBe(0);
    expect(out).toBe('checks:\n  - npm test\n');
    expect(err).toContain('wrote /home/ann/shop/sub/pawl.yaml');
    expect(written).toEqual([[expect.objectContaining({ path: '/home/ann/shop/sub/pawl.yaml' }), false]]);
  });

  it('--print writes nothing, --force overwrites', async () => {
    const forced: boolean[] = [];
    const writeProposal = async (_: unknown, overwrite: boolean) => void forced.push(overwrite);
    const { documents } = await pawl(['init', '--print', '--json'], { writeProposal });
    expect(documents).toMatchObject([{ written: false, hasChecks: true, text: 'checks:\n  - npm test\n' }]);
    await pawl(['init', '--force'], { writeProposal });
    expect(forced).toEqual([true]);
  });

  it('says that nothing checks a change', async () => {
    const found = { repository: '/r', path: '/r/pawl.yaml', text: '#\n', hasChecks: false };
    const propose = async () => ({ ...found, problems: ['package.json: it is broken'] });
    const { err } = await pawl(['init'], { propose });
    expect(err).toContain('unverified');
    expect(err).toContain('package.json: it is broken');
  });
});
