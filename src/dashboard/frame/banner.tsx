/** Says that what is shown is not live, and since when. */

import { link } from '../client/feed-link.ts';
import { durationSince } from '../shown/clock.ts';

export function Banner() {
  const now = link.value;
  return (
    <div role="status">
      {now.is === 'away' && (
        <div class="banner">
          Not live for {durationSince(now.since)}: {now.why}. What you see is from before; the page comes back
          by itself.
        </div>
      )}
    </div>
  );
}
