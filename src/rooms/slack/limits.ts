// Purpose: Slack's numbers, each with where it is written. Lengths are counted in UTF-16 units, the stricter reading.

/** https://docs.slack.dev/reference/block-kit/blocks */
export const blocks = { message: 50, view: 100, section: 3000, fields: 10, field: 2000, header: 150, actions: 25, alt: 2000, context: 2000 }

/**
 * All blocks of one message count together, not each: near 13,200 characters Slack answers `msg_blocks_too_long`. The number is not
 * documented, so we stay well under it.
 */
export const messageTotal = 12_000

/** https://docs.slack.dev/reference/methods/chat.postMessage#truncating: what is longer may be cut by clients. */
export const text = 4000

/** https://docs.slack.dev/reference/block-kit/block-elements/button-element */
export const button = { label: 75, actionId: 255, url: 3000 }

/** https://docs.slack.dev/reference/views/modal-views and the input block */
export const modal = { title: 24, button: 24, metadata: 3000, label: 2000, hint: 2000, input: 3000, options: 100, option: 75 }

/** https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
export const responseUrl = { uses: 5, ms: 30 * 60_000 }

/** https://docs.slack.dev/interactivity/handling-user-interaction: a trigger opens one view within 3 s, and an act is acknowledged by then. */
export const triggerMs = 3_000

/** https://docs.slack.dev/authentication/verifying-requests-from-slack: older requests may be replays. */
export const signatureMs = 300_000

/** https://docs.slack.dev/reference/app-manifest */
export const manifest = { description: 140, command: 32, shortcut: 24, shortcutText: 150 }
