/** A task or an execution on the board: little, because there are many. */
import { Component } from 'preact';
import { clip } from '../../domain/limits.ts';
import { decisionPage, executionPage, taskPage } from '../../domain/page-paths.ts';
import { asksIn } from '../client/ranked-decisions.ts';
import { sinceText } from '../shown/clock.ts';
import { Status } from '../shown/status.tsx';
import { Visible } from '../shown/visible.tsx';
import type { Card } from './board-cards.ts';
import { cardFacts } from './card-facts.ts';

const TITLE_CHARS_MAX = 160;

interface BoardCardProps {
  readonly card: Card;
}

/**
 * The same as long as its row is: of hundreds of cards a change draws one. Never by keeping what was drawn (`useMemo`): Preact
 * leaves in it the way up to the board of that time, which holds cards that were kept before, and so on without an end.
 */
export class BoardCard extends Component<BoardCardProps> {
  override shouldComponentUpdate({ card }: BoardCardProps): boolean {
    return card.row !== this.props.card.row;
  }

  override render({ card }: BoardCardProps) {
    return drawn(card);
  }
}

function drawn(card: Card) {
  const { row } = card;
  const asks = asksIn(row);
  return (
    <article class={`card board-card ${asks ? 'asks' : ''}`}>
      <a class="title brief-title" href={hrefOf(card, asks)}>
        <Visible text={clip(row.title, TITLE_CHARS_MAX)} />
      </a>
      <div class="row spread">
        <Status of={asks ? 'awaiting_gate' : row.status} />
        <Since moment={row.closedAt ?? row.startedAt} />
      </div>
      <div class="quiet facts-line">{cardFacts(card).join(' · ')}</div>
    </article>
  );
}

function hrefOf(card: Card, asks: boolean): string {
  if (card.is === 'execution') return executionPage(card.row.id);
  return asks ? decisionPage(card.row.id) : taskPage(card.row.id);
}

/** Of a card only this is drawn anew each second. */
const Since = ({ moment }: { readonly moment: string }) => (
  <time class="quiet" dateTime={moment}>
    {sinceText(moment)}
  </time>
);
