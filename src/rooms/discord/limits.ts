// Purpose: Discord's numbers, each with where it is written. Lengths are counted in UTF-16 units, the stricter reading.

/** All of a bot's requests: https://discord.com/developers/docs/topics/rate-limits#global-rate-limit */
export const requests = { limit: 50, windowMs: 1_000 }

/** https://discord.com/developers/docs/resources/message#create-message */
export const message = { content: 2000, embeds: 10, files: 10, nonce: 25 }

/** https://discord.com/developers/docs/resources/message#embed-object-embed-limits */
export const embed = { title: 256, description: 4096, fields: 25, fieldName: 256, fieldValue: 1024, footer: 2048, author: 256, total: 6000 }

/** https://discord.com/developers/docs/resources/message#attachment-object */
export const attachmentDescription = 1024

/** https://discord.com/developers/docs/components/reference */
export const buttons = { rows: 5, inRow: 5, label: 80, customId: 100 }
export const modal = { title: 45, components: 5, label: 45, description: 100, text: 4000, options: 25, optionLabel: 100 }

/** https://discord.com/developers/docs/interactions/application-commands */
export const command = {
  /** Lower case where the letter has one; Hangul has none. */
  name: /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u,
  description: 100,
  options: 25,
  choices: 25,
  choice: 100,
  commands: 100,
  /** Names, descriptions and choice values of a command, each in its longest language. */
  tree: 8000,
}

/** https://discord.com/developers/docs/resources/channel#start-thread-from-message */
export const threadName = 100

/** https://discord.com/developers/docs/interactions/receiving-and-responding: void after 3 s without a first answer, else after 15 min. */
export const answerMs = 3_000

/**
 * "The past few minutes" in which a nonce is known again (https://discord.com/developers/docs/resources/message#create-message) are not
 * given as a number; three is the fewest that is called a few.
 */
export const nonceMs = 180_000
