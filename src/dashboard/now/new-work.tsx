/** The form of a new requirement: where, by whom, and what it would be before it is sent. */
import { useSignal } from '@preact/signals';
import { useLocation } from 'preact-iso/router';
import type { LoopPlan } from '../../domain/loops/loop-plan.ts';
import { executionPage, taskPage } from '../../domain/page-paths.ts';
import { calls } from '../client/ask.ts';
import { useDeed } from '../client/deed.ts';
import { useAsked } from '../client/live.ts';
import { Outcome } from '../execution/steering.tsx';
import { EngineWords } from '../shown/engine-words.tsx';
import { LoopChoice } from './loop-choice.tsx';
import { LoopField } from './loop-field.tsx';
import { textOf } from './loop-inputs.ts';
import { LoopPreview } from './loop-preview.tsx';
import { executionOf, givenBy, startLoop, type TypedLoop, wishIn } from './new-execution.ts';
import { start } from './new-run.ts';
import { Preview } from './preview.tsx';
import { PriorityChoice } from './priority-choice.tsx';
import { into, repositoriesKnown, type TypedWork, useTexts } from './typed-work.ts';

export function NewWork({ typed }: { readonly typed: TypedWork }) {
  const { requirement, repository, loop, agent, checks, priority, inputs } = typed;
  const { route } = useLocation();
  const deed = useDeed('pawl new intent');
  const texts = useTexts(inputs);
  /** What of it is shown before: as it was when a field was left. */
  const seen = useSignal({ repository: repository.value, agent: agent.value, checks: checks.value });
  const look = () => {
    seen.value = { repository: repository.value.trim(), agent: agent.value.trim(), checks: checks.value };
  };
  const asked = useAsked(JSON.stringify(['loop', loop.value, seen.value.repository]), async () =>
    loop.value === '' ? undefined : calls.loop(loop.value, seen.value.repository),
  );
  // Until the answer comes, the one of the loop before is still there.
  const chosen = asked.value?.plan.loop === loop.value ? asked.value : undefined;
  const wish = chosen === undefined ? undefined : wishIn(chosen.plan.inputs);
  const wished = chosen?.plan.inputs.find(({ name }) => name === wish);

  const typedOf = (plan: LoopPlan): TypedLoop => ({
    plan,
    repository: repository.value.trim(),
    requirement: requirement.value,
    texts,
    priority: priority.value,
  });

  const send = async (event: Event) => {
    event.preventDefault();
    const [words, where] = [requirement.value, repository.value.trim()];
    let page: string | undefined;
    if (chosen !== undefined) {
      const execution = executionOf(typedOf(chosen.plan));
      await deed.do([execution], async (key) => {
        page = executionPage(await startLoop(key, execution));
      });
    } else {
      const how = { agent: agent.value.trim(), checks: checks.value, priority: priority.value };
      const run = { requirement: words, repository: where, ...how };
      await deed.do([run], async (key) => {
        page = taskPage(await start(key, run));
      });
    }
    if (page === undefined) return;
    // All but the place, where the next one is most likely, too; and words that the loop had no use for.
    const sent = [priority, ...(chosen === undefined ? [requirement, agent, checks] : [loop, inputs])];
    if (wish !== undefined) sent.push(requirement);
    for (const field of sent) field.value = '';
    route(page);
  };

  return (
    <form class="stack" onSubmit={(event) => void send(event)}>
      {(chosen === undefined || wish !== undefined) && (
        <label>
          What should be done
          <textarea
            required
            placeholder={wished?.description}
            value={requirement}
            onInput={into(requirement)}
          />
        </label>
      )}
      <div class="fields">
        <label>
          Repository, on the engine's host
          <input
            required
            list="repositories"
            placeholder="/home/me/project"
            value={repository}
            onInput={into(repository)}
            onBlur={look}
          />
          <datalist id="repositories">
            {repositoriesKnown().map((one) => (
              <option key={one} value={one} />
            ))}
          </datalist>
        </label>
        <LoopChoice loop={loop} repository={seen.value.repository} />
        {loop.value === '' && (
          <>
            <label>
              Agent
              <input placeholder="auto" value={agent} onInput={into(agent)} onBlur={look} />
            </label>
            <label>
              Checks, a command a line
              <textarea
                placeholder="those of pawl.yaml"
                value={checks}
                onInput={into(checks)}
                onBlur={look}
              />
            </label>
          </>
        )}
        {chosen?.plan.inputs
          .filter(({ name }) => name !== wish)
          .map((input) => (
            <LoopField
              key={`${loop.value} ${input.name}`}
              loop={loop.value}
              input={input}
              text={textOf(texts, input)}
              onText={(text) => {
                inputs.value = JSON.stringify({ ...texts, [input.name]: text });
              }}
            />
          ))}
        <PriorityChoice priority={priority} />
      </div>
      {loop.value === '' && seen.value.repository !== '' && <Preview {...seen.value} />}
      {loop.value !== '' && asked.problem !== undefined && (
        <p class="quiet">
          <EngineWords text={asked.problem.message} />
        </p>
      )}
      {chosen !== undefined && <LoopPreview of={chosen} given={givenBy(typedOf(chosen.plan))} />}
      <div class="row">
        <button
          type="submit"
          class="primary"
          // A field that is left may say then what is wrong with it, and would push the button away from under the pointer.
          onMouseDown={(event) => event.preventDefault()}
          disabled={deed.isSending || (loop.value !== '' && chosen === undefined)}
        >
          {deed.isSending ? 'Starting…' : 'Start'}
        </button>
        <Outcome of={deed} />
      </div>
    </form>
  );
}
