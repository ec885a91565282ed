// Purpose: what the club asks of its memory. No engine shows through: test/contracts/store.ts is the specification.
import type { Board } from '../club/board.ts'
import type { Day } from '../club/calendar.ts'
import type { Club, Member } from '../club/club.ts'
import type { Tally, Verdict } from '../club/poll.ts'
import type { StreakState } from '../club/streak.ts'

/** Every number named `at`, `…At` is epoch ms. */
export type ActKind = 'answer' | 'vote' | 'checkin' | 'review'
export const actKinds: readonly ActKind[] = ['answer', 'vote', 'checkin', 'review']

export interface Act {
  readonly id: number
  readonly kind: ActKind
  /** Kept to the minute. */
  readonly at: number
  readonly day: Day
  readonly note?: string
  /** The note was shared with the club by the member. */
  readonly shared?: boolean
}

/** A streak as it was last folded. */
export interface StoredStreak {
  /** Moved by every save; a save on an older one is refused. */
  readonly revision: number
  readonly state: StreakState
  /** The club's epoch that it was folded under; undefined when the member's own circumstances changed since. */
  readonly epoch?: number
  /** The instant at which the run ends unless the member acts; undefined when there is no run or nothing ends it. */
  readonly lapsesAt?: number
}

/** A question of one lesson in one season; answered once. */
export interface QuestionKey {
  /** The first day of the season. */
  readonly season: Day
  readonly lesson: string
  readonly question: number
}

export interface Answer extends QuestionKey {
  readonly option: number
  readonly right: boolean
}

export interface Poll {
  readonly id: number
  readonly myth: string
  readonly day: Day
  readonly closesAt: number
  readonly tally: Tally
}

export interface Vote {
  /** Undefined for a member without record. */
  readonly answer?: Verdict
  /** What they would say now; it never moves the tally. */
  readonly mind?: Verdict
  /** What a member without record said. It is kept until the poll closes, so that it can be taken back if they go. */
  readonly counted?: Verdict
}

/** What one act writes, together or not at all. */
export interface ActRecord {
  readonly club: string
  readonly member: Member
  /** The revision that `streak` was computed from; undefined for a first act. */
  readonly revision?: number
  readonly streak: Omit<StoredStreak, 'revision'>
  readonly act: Omit<Act, 'id' | 'shared'>
  /** True for the first act of its study day: the club's count of the day goes up. */
  readonly firstOfDay: boolean
  readonly answer?: Answer
  readonly vote?: { readonly poll: number; readonly answer: Verdict }
  /** The post of the day; if it is a lesson or a review, which show the count, an edit of it is asked for when that goes up. */
  readonly countShownOn?: Touch
}

/** An edit that is asked for at `now`: at once, or `everyMs` after the last one. */
export interface Touch {
  readonly post: string
  readonly now: number
  readonly everyMs: number
}

/** `again`: somebody else moved this streak in between, read anew. `already`: this question or poll was answered before. */
export type ActOutcome = { readonly done: number } | 'again' | 'already'

export interface BoardRow {
  readonly member: Pick<Member, 'id' | 'name' | 'nickname' | 'appear'>
  readonly value: number
  readonly run: number
  readonly best: number
}

/** Which board: the week that begins on `period`, the season that began on it; the other two have no period. */
export interface BoardKey {
  readonly board: Board
  readonly period?: Day
}

/** `share` is what a member chose to show, `greeting` the word at the bot's arrival; the others are the club's own. */
export type PostKind = 'lesson' | 'review' | 'poll' | 'quiet' | 'lookback' | 'share' | 'greeting'

/** A message that is due in a club's channel. Its key makes it one, however often it is planned. */
export interface NewPost {
  readonly key: string
  readonly club: string
  readonly kind: PostKind
  readonly day: Day
  readonly season: Day
  /** The lesson's or the myth's id, or what is shared; empty where the kind says it all. */
  readonly subject: string
  /** Who shared it. */
  readonly member?: string
  readonly dueAt: number
  readonly expiresAt: number
}

export interface Post extends NewPost {
  /** `omitted`: given up, because it cannot get there or because nobody can say whether it is there already. */
  readonly state: 'due' | 'sent' | 'expired' | 'omitted'
  readonly attempts: number
  /** Since when an earlier try may have put it in the channel without our knowing. */
  readonly unsureAt?: number
  readonly sentAt?: number
  /** The room's own reference to the message. */
  readonly message?: string
  readonly editAt?: number
  readonly editedAt?: number
  /** The revision of the lesson that the message shows. */
  readonly revision?: string
}

/** A message in the web room's channel, or a private answer in one member's stream. */
export interface WebMessage {
  readonly id: number
  readonly at: number
  readonly by: string
  /** The one member who sees it; undefined in the channel. */
  readonly to?: string
  /** The card as JSON. */
  readonly card: string
}

export interface NewMessage extends Omit<WebMessage, 'id'> {
  /** Makes it one, however often it is added. */
  readonly key?: string
  /** The ids of members whose names stand in it: it goes, or is drawn anew, when one of them is erased. */
  readonly about?: readonly string[]
}

/** A picture that a platform keeps for us. */
export interface Upload {
  readonly club: string
  /** Says which picture it is. */
  readonly picture: string
  /** The platform's own id. */
  readonly file: string
  /** When nobody looks at it any more; undefined while a post shows it. */
  readonly expiresAt?: number
}

/** Somebody was deleted: when (epoch ms, one later than the other), and a mark of who it was (src/seal.ts). */
export interface Erasure {
  readonly at: number
  readonly mark: string
}

/** The store cannot write just now: the disk is full, read-only or failing. Nothing of what was asked is kept. */
export class StoreUnavailable extends Error {}

/** Notes, cards and tokens lie in it sealed: whoever has its files alone cannot read them. */
export interface Store {
  // The club
  club(id: string): Promise<Club | undefined>
  /** Saves a club that `club` returned and the caller changed; false when it was changed in between (nothing is written then). */
  saveClub(club: Club, dueAt?: number, posts?: readonly NewPost[]): Promise<boolean>
  /** Clubs with something to plan at `now`. */
  clubsDue(now: number): Promise<string[]>
  clubs(): Promise<string[]>
  /** Removes a club with its posts, polls and counts. Its members are to be deleted before; throws while there are any. */
  deleteClub(id: string): Promise<void>

  // Members
  member(club: string, id: string): Promise<Member | undefined>
  /** As `saveClub`. The member's streak is marked to be folded anew, and leaves or enters the boards with its appearance. */
  saveMember(club: string, member: Member): Promise<boolean>
  /**
   * Removes the member and everything that was theirs, from the files, too. Totals of closed polls stay; from a poll that is open at `now` the
   * vote is taken back, so that nobody is counted twice who begins anew. A share that was sent stays as a post without a member that asks for an
   * edit, and so does what stands in the web room's channel and names them; private messages that do are removed. False when there was nothing.
   */
  deleteMember(club: string, id: string, now: number): Promise<boolean>
  /** Members by id, after `after`, at most `limit`. */
  members(club: string, after: string | undefined, limit: number): Promise<Member[]>

  // The ledger and its cache
  record(record: ActRecord): Promise<ActOutcome>
  /** A member's acts, newest first. */
  acts(club: string, member: string): Promise<Act[]>
  streak(club: string, member: string): Promise<StoredStreak | undefined>
  /** False when it moved in between. */
  saveStreak(club: string, member: string, revision: number, streak: Omit<StoredStreak, 'revision'>): Promise<boolean>
  /** Members whose streak was folded under an older epoch or older circumstances, at most `limit`. */
  staleStreaks(club: string, epoch: number, limit: number): Promise<string[]>
  /** How many members acted on a day. */
  actorsOn(club: string, day: Day): Promise<number>
  /** The last day on which anybody acted. */
  lastActiveDay(club: string): Promise<Day | undefined>
  /** Days from `from` on on which anything happened: how many acted, of how many members, not counting those who were paused. */
  activeDays(club: string, from: Day): Promise<{ day: Day; actors: number; members: number }[]>
  /** Shares the note of one of this member's acts, or hides it again; false when this member has no such note. */
  shareNote(club: string, member: string, act: number, shared: boolean): Promise<boolean>

  // Boards
  top(club: string, key: BoardKey, now: number, limit: number): Promise<BoardRow[]>
  /** How many shown members stand above this value. */
  above(club: string, key: BoardKey, value: number, now: number): Promise<number>

  // Lessons and polls
  answer(club: string, member: string, key: QuestionKey): Promise<Answer | undefined>
  answers(club: string, member: string): Promise<Answer[]>
  /** The lessons of a season of which a member answered a question. */
  answered(club: string, member: string, season: Day): Promise<string[]>
  /** Wrong and all first answers to each lesson of a season, most missed first. */
  missed(club: string, season: Day): Promise<{ lesson: string; wrong: number; all: number }[]>
  openPoll(club: string, poll: Pick<Poll, 'myth' | 'day' | 'closesAt'>): Promise<Poll>
  poll(club: string, id: number): Promise<Poll | undefined>
  /** Newest first. */
  polls(club: string, limit: number): Promise<Poll[]>
  vote(club: string, poll: number, member: string): Promise<Vote | undefined>
  votes(club: string, member: string): Promise<(Vote & { readonly poll: number })[]>
  /** A vote that is no act of record: counted, and not kept beyond the closing. False when this member voted before. */
  countVote(club: string, member: Member, poll: number, answer: Verdict): Promise<boolean>
  changeMind(club: string, member: string, poll: number, mind: Verdict): Promise<void>

  // The outbox
  post(key: string): Promise<Post | undefined>
  /** Plans posts outside a club's own schedule. One that is known by its key already is left as it is. */
  enqueue(posts: readonly NewPost[]): Promise<void>
  /**
   * Plans what a member shares, unless as many as `most` of that day are there already, of theirs or of the club's, those taken away
   * included; says whose they are then. One that is known by its key already is left as it is.
   */
  share(
    post: NewPost & { readonly member: string },
    most: { readonly member: number; readonly club: number },
  ): Promise<'member' | 'club' | undefined>
  /** The lessons of a season that are due or were sent, of the club's last `limit` lesson posts, newest first. */
  lessonsPosted(club: string, season: Day, limit: number): Promise<string[]>
  /** All that a member shared, newest first. */
  sharesOf(club: string, member: string): Promise<Post[]>
  /** Newest first, those of the kinds given. */
  posts(club: string, kinds: readonly PostKind[], limit: number): Promise<Post[]>
  /**
   * Takes due posts and due edits for `leaseMs`, so that nobody else takes them; until somebody says how it ended, a post taken may be in
   * the channel (`unsureAt`, returned as it was before). Expired ones are returned apart, to be closed by `expire`. Those `underWay`, keys by
   * room, are left as they are, also when their lease is over; of each room as many posts, and as many edits, are taken as make them `window`.
   */
  claimDue(
    now: number,
    window: number,
    leaseMs: number,
    underWay?: ReadonlyMap<string, ReadonlyMap<string, unknown>>,
  ): Promise<{ send: Post[]; edit: Post[]; expired: Post[] }>
  markSent(key: string, sent: { message: string; at: number; revision?: string; editAt?: number }): Promise<void>
  markEdited(key: string, edited: { at: number; revision?: string; editAt?: number }): Promise<void>
  /** Sets when to try again, and since when it may be in the channel; left out: it certainly is not. */
  retry(key: string, at: number, unsureAt?: number): Promise<void>
  /** Gives a due post up. */
  omit(key: string): Promise<void>
  /** Closes a due post whose time is over. */
  expire(key: string): Promise<void>
  /** What waits at `now`: posts, edits, and for how long the oldest post has been due (of the thousand that are tried next), ms. */
  overdue(now: number): Promise<{ posts: number; edits: number; oldestMs: number }>
  /** Posts that were given up, ever. */
  omitted(): Promise<number>
  /** Asks for an edit, at once or `everyMs` after the last one. Nothing happens to a post that was not sent. */
  touchPost(key: string, now: number, everyMs: number): Promise<void>

  // The web room's channel
  addMessage(message: NewMessage): Promise<{ message: WebMessage; added: boolean }>
  replaceMessage(id: number, card: string, about?: readonly string[]): Promise<WebMessage | undefined>
  messages(to: string, last: number): Promise<WebMessage[]>
  message(id: number): Promise<WebMessage | undefined>

  // What platforms keep
  upload(club: string, picture: string): Promise<string | undefined>
  keepUpload(upload: Upload): Promise<void>
  /** Those whose time is over, at most `limit`. */
  expiredUploads(now: number, limit: number): Promise<Upload[]>
  dropUpload(club: string, picture: string): Promise<void>
  /** A token by its name. */
  secret(name: string): Promise<string | undefined>
  /** The names of all tokens. */
  secrets(): Promise<string[]>
  keepSecret(name: string, text: string): Promise<void>
  dropSecret(name: string): Promise<void>

  // Deletions that must outlive a restore
  /**
   * Deletions from after this database was copied: it is a backup that was put back. While there are any, whoever is deleted is deleted
   * again, so it is not recorded once more.
   */
  erasuresDue(): Promise<Erasure[]>
  /** All that were due have been done again. */
  erasuresDone(): Promise<void>
  /** Forgets deletions from before an instant. */
  dropErasures(before: number): Promise<void>

  // The program itself
  memo(name: string): Promise<string | undefined>
  setMemo(name: string, value: string): Promise<void>
  /** The earliest instant at which something is due. */
  nextDueAt(): Promise<number | undefined>
  /** Drops what no rule asks for any more: lapsed rank counts, old private messages, who voted without record. */
  sweep(club: string, today: Day, now: number): Promise<void>
  /** Takes from the files what followed from an erasure a little later, a board that was drawn anew. To be called at each tick. */
  tidy(): Promise<void>
  close(): Promise<void>
}
