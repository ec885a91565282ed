// Purpose: Discord's documented limits on what a bot sends. Whatever breaks one is refused with 400 and code 50035, as Discord does.
// Lengths are counted in UTF-16 code units: Discord counts code points, so this is the stricter reading.
import { flag, isRecord, type Json, Refusal, refusals } from './wire.ts'

interface Problem {
  readonly path: readonly string[]
  readonly code: string
  readonly message: string
}

/** A place in a JSON body that can be asked for its value and collects what is wrong with it. */
class At {
  readonly value: unknown
  readonly #path: readonly string[]
  readonly #problems: Problem[]

  constructor(value: unknown, path: readonly string[] = [], problems: Problem[] = []) {
    this.value = value
    this.#path = path
    this.#problems = problems
  }

  get absent(): boolean {
    return this.value === undefined || this.value === null
  }

  get(key: string): At {
    return new At(isRecord(this.value) ? this.value[key] : undefined, [...this.#path, key], this.#problems)
  }

  record(): void {
    if (!this.absent && !isRecord(this.value)) this.refuse('DICT_TYPE_CONVERT', 'Only dictionaries may be used in a DictType')
  }

  items(min: number, max: number): At[] {
    if (this.absent && min === 0) return []
    if (this.absent) {
      this.refuse('BASE_TYPE_REQUIRED', 'This field is required')
      return []
    }
    if (!Array.isArray(this.value)) {
      this.refuse('LIST_TYPE_CONVERT', 'Only iterables may be used in a ListType')
      return []
    }
    if (this.value.length < min || this.value.length > max) {
      this.refuse('BASE_TYPE_BAD_LENGTH', `Must be between ${min} and ${max} in length.`)
    }
    return this.value.map((item: unknown, index) => new At(item, [...this.#path, String(index)], this.#problems))
  }

  /** The text, or nothing where it is left out or wrong. */
  text(min: number, max: number): string {
    if (this.absent) {
      if (min > 0) this.refuse('BASE_TYPE_REQUIRED', 'This field is required')
      return ''
    }
    if (typeof this.value !== 'string') {
      this.refuse('STRING_TYPE_CONVERT', 'Could not interpret value as string.')
      return ''
    }
    if (min > 0 && this.value.trim() === '') this.refuse('BASE_TYPE_REQUIRED', 'This field is required')
    else if (this.value.length < min || this.value.length > max) {
      this.refuse('BASE_TYPE_BAD_LENGTH', `Must be between ${min} and ${max} in length.`)
    }
    return this.value
  }

  integer(min: number, max: number): number | undefined {
    if (this.absent) return undefined
    if (typeof this.value !== 'number' || !Number.isInteger(this.value)) {
      this.refuse('NUMBER_TYPE_COERCE', `Value "${String(this.value)}" is not int.`)
      return undefined
    }
    if (this.value < min || this.value > max) this.refuse('NUMBER_TYPE_MAX', `int value should be between ${min} and ${max}.`)
    return this.value
  }

  boolean(): void {
    if (!this.absent && typeof this.value !== 'boolean') this.refuse('BOOLEAN_TYPE_CONVERT', 'Must be either true or false.')
  }

  oneOf(values: readonly unknown[]): void {
    if (!values.includes(this.value)) this.refuse('BASE_TYPE_CHOICES', `Value must be one of {${values.join(', ')}}.`)
  }

  url(schemes: readonly string[], max = 2048): void {
    if (this.absent) return
    const text = this.text(1, max)
    if (text === '') return
    const scheme = URL.canParse(text) ? new URL(text).protocol : undefined
    if (!scheme) this.refuse('URL_TYPE_INVALID_URL', 'Not a well formed URL.')
    else if (!schemes.includes(scheme)) {
      this.refuse(
        'URL_TYPE_INVALID_SCHEME',
        `Scheme "${scheme.slice(0, -1)}" is not supported. Scheme must be one of (${schemes.join(', ')}).`,
      )
    }
  }

  refuse(code: string, message: string): void {
    this.#problems.push({ path: this.#path, code, message })
  }

  done(): void {
    if (this.#problems.length === 0) return
    const errors: Json = {}
    for (const { path, code, message } of this.#problems) {
      let place = errors
      for (const key of path) {
        const next = isRecord(place[key]) ? place[key] : {}
        place[key] = next
        place = next
      }
      const found = Array.isArray(place._errors) ? place._errors : []
      place._errors = [...found, { code, message }]
    }
    throw new Refusal(400, 50035, 'Invalid Form Body', errors)
  }
}

const web = ['http:', 'https:']
const webOrUpload = [...web, 'attachment:']

/** Refuses a message body that breaks a limit. `names` are the files that the message will have. */
export function checkMessage(body: unknown, names: readonly string[]): void {
  const at = new At(body)
  if (!isRecord(body)) {
    at.record()
    at.done()
    throw refusals.emptyMessage()
  }
  at.get('content').text(0, 2000)
  at.get('tts').boolean()
  const flags = at.get('flags').integer(0, Number.MAX_SAFE_INTEGER) ?? 0
  const v2 = (flags & flag.componentsV2) !== 0
  if (v2) {
    for (const key of ['content', 'embeds', 'poll', 'sticker_ids']) {
      const old = at.get(key)
      if (!old.absent && !(Array.isArray(old.value) && old.value.length === 0) && old.value !== '') {
        old.refuse('MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2', `The '${key}' field cannot be used with IS_COMPONENTS_V2`)
      }
    }
  }
  const embeds = at.get('embeds')
  const letters = embeds.items(0, 10).reduce((sum, embed) => sum + checkEmbed(embed), 0)
  if (letters > 6000) embeds.refuse('MAX_EMBED_SIZE_EXCEEDED', 'Embed size exceeds maximum size of 6000')
  checkComponents(at.get('components'), v2)
  checkMentions(at.get('allowed_mentions'))
  const nonce = at.get('nonce')
  if (typeof nonce.value !== 'number') nonce.text(0, 25)
  else if (String(nonce.value).length > 25) nonce.refuse('BASE_TYPE_MAX_LENGTH', 'Must be 25 or fewer in length.')
  at.get('enforce_nonce').boolean()
  for (const attachment of at.get('attachments').items(0, 10)) {
    attachment.get('description').text(0, 1024)
    attachment.get('filename').text(0, 1024)
  }
  for (const place of [embeds, at.get('components')]) {
    for (const name of uploadsNamedIn(place.value)) {
      if (!names.includes(name)) place.refuse('ATTACHMENT_NOT_FOUND', `The file "${name}" was neither uploaded nor kept`)
    }
  }
  at.done()
}

function checkEmbed(at: At): number {
  at.record()
  let letters = at.get('title').text(0, 256).length + at.get('description').text(0, 4096).length
  at.get('url').url(web)
  at.get('color').integer(0, 0xffffff)
  const timestamp = at.get('timestamp')
  if (!timestamp.absent && Number.isNaN(Date.parse(timestamp.text(1, 100))))
    timestamp.refuse('DATE_TIME_TYPE_PARSE', 'Not an ISO 8601 date.')
  for (const field of at.get('fields').items(0, 25)) {
    letters += field.get('name').text(1, 256).length + field.get('value').text(1, 1024).length
    field.get('inline').boolean()
  }
  const footer = at.get('footer')
  if (!footer.absent) letters += footer.get('text').text(1, 2048).length
  footer.get('icon_url').url(webOrUpload)
  const author = at.get('author')
  if (!author.absent) letters += author.get('name').text(1, 256).length
  author.get('url').url(web)
  author.get('icon_url').url(webOrUpload)
  for (const key of ['image', 'thumbnail']) {
    const image = at.get(key)
    if (image.absent) continue
    if (image.get('url').absent) image.get('url').refuse('BASE_TYPE_REQUIRED', 'This field is required')
    image.get('url').url(webOrUpload)
  }
  return letters
}

function checkMentions(at: At): void {
  at.record()
  const parse = at.get('parse').items(0, 3)
  for (const kind of parse) kind.oneOf(['roles', 'users', 'everyone'])
  for (const kind of ['roles', 'users']) {
    const ids = at.get(kind).items(0, 100)
    for (const id of ids) id.text(1, 20)
    if (ids.length > 0 && parse.some(({ value }) => value === kind)) {
      at.refuse('MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE', `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`)
    }
  }
}

/** The names that `attachment://name` refers to, wherever they stand. */
function uploadsNamedIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(uploadsNamedIn)
  if (!isRecord(value)) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    (key === 'url' || key === 'icon_url') && typeof inner === 'string' && inner.startsWith('attachment://')
      ? [inner.slice('attachment://'.length)]
      : uploadsNamedIn(inner),
  )
}

const kind = {
  row: 1,
  button: 2,
  stringSelect: 3,
  textInput: 4,
  section: 9,
  text: 10,
  thumbnail: 11,
  gallery: 12,
  file: 13,
  separator: 14,
  container: 17,
  label: 18,
}
const selects = [3, 5, 6, 7, 8]

function checkComponents(at: At, v2: boolean): void {
  const ids = new Set<string>()
  const all = at.items(0, v2 ? 40 : 5)
  if (!v2) {
    for (const row of all) {
      row.get('type').oneOf([kind.row])
      checkRow(row, ids)
    }
    return
  }
  const seen = { count: 0, letters: 0 }
  for (const part of all) checkPart(part, ids, seen)
  if (seen.count > 40) at.refuse('BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 40 in length.')
  if (seen.letters > 4000) at.refuse('COMPONENT_MAX_TOTAL_TEXT', 'The text of all components may have at most 4000 letters.')
}

function checkPart(at: At, ids: Set<string>, seen: { count: number; letters: number }): void {
  seen.count += 1
  const type = at.get('type').value
  if (type === kind.row) {
    seen.count += checkRow(at, ids)
  } else if (type === kind.text) {
    seen.letters += at.get('content').text(1, 4000).length
  } else if (type === kind.section) {
    for (const text of at.get('components').items(1, 3)) checkPart(text, ids, seen)
    const accessory = at.get('accessory')
    if (accessory.get('type').value === kind.button) checkButton(accessory, ids)
    else accessory.get('media').get('url').url(webOrUpload)
    seen.count += 1
  } else if (type === kind.gallery) {
    for (const item of at.get('items').items(1, 10)) {
      item.get('media').get('url').url(webOrUpload)
      item.get('description').text(0, 1024)
    }
  } else if (type === kind.file) {
    at.get('file').get('url').url(['attachment:'])
  } else if (type === kind.container) {
    for (const inner of at.get('components').items(1, 40)) checkPart(inner, ids, seen)
  } else if (type !== kind.separator) {
    at.get('type').oneOf([kind.row, kind.section, kind.text, kind.gallery, kind.file, kind.separator, kind.container])
  }
}

function checkRow(row: At, ids: Set<string>): number {
  const inner = row.get('components').items(1, 5)
  for (const part of inner) {
    const type = part.get('type').value
    if (type === kind.button) checkButton(part, ids)
    else if (selects.includes(type as number)) {
      if (inner.length > 1) row.refuse('COMPONENT_LAYOUT_WIDTH_EXCEEDED', 'A select fills its row')
      checkId(part, ids)
      part.get('placeholder').text(0, 150)
      if (type === kind.stringSelect) checkOptions(part, 1)
    } else part.get('type').oneOf([kind.button, ...selects])
  }
  return inner.length
}

function checkButton(at: At, ids: Set<string>): void {
  const label = at.get('label').text(0, 80)
  if (label.trim() === '' && at.get('emoji').absent) {
    at.get('label').refuse('BUTTON_COMPONENT_INVALID', 'A button needs a label or an emoji.')
  }
  at.get('disabled').boolean()
  const style = at.get('style')
  style.oneOf([1, 2, 3, 4, 5])
  if (style.value !== 5) {
    checkId(at, ids)
    if (!at.get('url').absent) at.get('url').refuse('BUTTON_COMPONENT_URL_FORBIDDEN', 'Only a link button has a url.')
    return
  }
  if (at.get('url').absent) at.get('url').refuse('BASE_TYPE_REQUIRED', 'A url is required')
  at.get('url').url(web, 512)
  if (!at.get('custom_id').absent) at.get('custom_id').refuse('COMPONENT_CUSTOM_ID_FORBIDDEN', 'A link button has no custom id.')
}

function checkId(at: At, ids: Set<string>): void {
  const id = at.get('custom_id').text(1, 100)
  if (ids.has(id)) at.get('custom_id').refuse('COMPONENT_CUSTOM_ID_DUPLICATED', 'Component custom id cannot be duplicated')
  ids.add(id)
}

function checkOptions(at: At, min: number): void {
  const values = new Set<string>()
  const options = at.get('options').items(min, 25)
  for (const option of options) {
    option.get('label').text(1, 100)
    option.get('description').text(0, 100)
    const value = option.get('value').text(1, 100)
    if (values.has(value))
      option.get('value').refuse('SELECT_COMPONENT_OPTION_VALUE_DUPLICATED', 'The specified option value is already used')
    values.add(value)
  }
  at.get('min_values').integer(0, options.length)
  at.get('max_values').integer(1, options.length)
}

/** Refuses a form that Discord would not show. */
export function checkModal(data: unknown): void {
  const at = new At(data).get('data')
  at.get('title').text(1, 45)
  at.get('custom_id').text(1, 100)
  const ids = new Set<string>()
  for (const part of at.get('components').items(1, 5)) {
    const type = part.get('type').value
    if (type === kind.row) {
      for (const input of part.get('components').items(1, 1)) {
        input.get('label').text(1, 45)
        input.get('type').oneOf([kind.textInput])
        checkTextInput(input, ids)
      }
    } else if (type === kind.label) {
      part.get('label').text(1, 45)
      part.get('description').text(0, 100)
      const input = part.get('component')
      if (!input.get('label').absent)
        input.get('label').refuse('COMPONENT_LABEL_FORBIDDEN', 'An input inside a label has no label of its own.')
      if (input.get('type').value === kind.textInput) checkTextInput(input, ids)
      else if (input.get('type').value === kind.stringSelect) {
        checkId(input, ids)
        input.get('placeholder').text(0, 150)
        input.get('required').boolean()
        checkOptions(input, 1)
      } else input.get('type').oneOf([kind.textInput, kind.stringSelect])
    } else if (type === kind.text) part.get('content').text(1, 4000)
    else part.get('type').oneOf([kind.row, kind.text, kind.label])
  }
  at.done()
}

function checkTextInput(at: At, ids: Set<string>): void {
  checkId(at, ids)
  at.get('style').oneOf([1, 2])
  at.get('required').boolean()
  at.get('placeholder').text(0, 100)
  const min = at.get('min_length').integer(0, 4000) ?? 0
  const max = at.get('max_length').integer(1, 4000) ?? 4000
  if (min > max) at.get('min_length').refuse('BASE_TYPE_BAD_LENGTH', 'min_length is greater than max_length.')
  at.get('value').text(0, max)
}

/** Refuses suggestions that Discord would not list. */
export function checkChoices(body: unknown): void {
  const at = new At(body).get('data')
  if (at.get('choices').absent) at.get('choices').refuse('BASE_TYPE_REQUIRED', 'This field is required')
  for (const choice of at.get('choices').items(0, 25)) checkChoice(choice, undefined)
  at.done()
}

function checkChoice(choice: At, type: number | undefined): number {
  const name = choice.get('name').text(1, 100).length
  const names = checkLocalised(choice.get('name_localizations'), (text) => text.text(1, 100).length)
  const value = choice.get('value')
  const isNumber = type === 4 || type === 10 || (type === undefined && typeof value.value === 'number')
  if (!isNumber) return Math.max(name, names) + value.text(1, 100).length
  if (typeof value.value !== 'number' || !Number.isFinite(value.value)) value.refuse('NUMBER_TYPE_COERCE', 'Not a number.')
  return Math.max(name, names)
}

const locales =
  'id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko'.split(' ')

function checkLocalised(at: At, check: (text: At) => number): number {
  if (at.absent) return 0
  at.record()
  let longest = 0
  for (const locale of Object.keys(isRecord(at.value) ? at.value : {})) {
    if (!locales.includes(locale)) at.refuse('ENUM_TYPE_COERCE', `Value "${locale}" is not a valid locale.`)
    longest = Math.max(longest, check(at.get(locale)))
  }
  return longest
}

const namePattern = /^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$/u

function checkName(at: At): number {
  const name = at.text(1, 32)
  if (name !== '' && (!namePattern.test(name) || name !== name.toLowerCase())) {
    at.refuse('APPLICATION_COMMAND_INVALID_NAME', 'Command name is invalid')
  }
  return name.length
}

/** Refuses a list of commands when one of them breaks a rule; the command tree of each may have 8000 letters. */
export function checkCommands(body: unknown): void {
  const at = new At(body)
  const names = new Set<string>()
  for (const command of at.items(0, 100)) {
    const type = command.get('type').value ?? 1
    const key = `${String(type)} ${String(command.get('name').value)}`
    if (names.has(key)) command.get('name').refuse('APPLICATION_COMMANDS_DUPLICATE_NAME', 'Application command names must be unique')
    names.add(key)
    if (type === 1) {
      const letters = checkNamed(command) + checkCommandOptions(command.get('options'), 0)
      if (letters > 8000) command.refuse('APPLICATION_COMMAND_TOO_LARGE', 'Command exceeds maximum size (8000)')
    } else {
      command.get('name').text(1, 32)
      command.get('description').text(0, 0)
    }
    const rights = command.get('default_member_permissions')
    if (!rights.absent && !/^\d+$/.test(String(rights.value))) rights.refuse('NUMBER_TYPE_COERCE', 'Not a permission bitfield.')
    for (const context of command.get('contexts').items(0, 3)) context.oneOf([0, 1, 2])
    for (const install of command.get('integration_types').items(0, 2)) install.oneOf([0, 1])
  }
  at.done()
}

function checkNamed(at: At): number {
  const name = Math.max(checkName(at.get('name')), checkLocalised(at.get('name_localizations'), checkName))
  const description = at.get('description').text(1, 100).length
  return (
    name +
    Math.max(
      description,
      checkLocalised(at.get('description_localizations'), (text) => text.text(1, 100).length),
    )
  )
}

function checkCommandOptions(at: At, depth: number): number {
  let letters = 0
  let optionalSeen = false
  const names = new Set<unknown>()
  for (const option of at.items(0, 25)) {
    const name = option.get('name').value
    if (names.has(name)) option.get('name').refuse('APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS', 'Option name already exists')
    names.add(name)
    letters += checkNamed(option)
    const type = option.get('type').integer(1, 11) ?? 0
    if (type === 0) option.get('type').refuse('BASE_TYPE_REQUIRED', 'This field is required')
    if (type === 1 || type === 2) {
      if (depth > 1 || (depth === 1 && type === 2)) {
        option
          .get('type')
          .refuse('APPLICATION_COMMAND_OPTIONS_TYPE_INVALID', 'Sub-command and sub-command group option types are nested too deep')
      }
      letters += checkCommandOptions(option.get('options'), depth + 1)
      continue
    }
    option.get('required').boolean()
    if (option.get('required').value !== true) optionalSeen = true
    else if (optionalSeen) {
      option.refuse('APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID', 'Required options must be placed before non-required options')
    }
    const choices = option.get('choices').items(0, 25)
    if (choices.length > 0 && ![3, 4, 10].includes(type))
      option.get('choices').refuse('APPLICATION_COMMAND_CHOICES_INVALID', 'This type has no choices')
    if (choices.length > 0 && option.get('autocomplete').value === true) {
      option.get('autocomplete').refuse('APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES', 'An option has either choices or autocomplete')
    }
    const choiceNames = new Set<unknown>()
    for (const choice of choices) {
      letters += checkChoice(choice, type)
      const choiceName = choice.get('name').value
      if (choiceNames.has(choiceName)) {
        choice.get('name').refuse('APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS', 'Option choice name already exists')
      }
      choiceNames.add(choiceName)
    }
    option.get('min_length').integer(0, 6000)
    option.get('max_length').integer(1, 6000)
  }
  return letters
}

/** Refuses a thread without a fitting name. */
export function checkThread(body: unknown): void {
  const at = new At(body)
  at.get('name').text(1, 100)
  if (!at.get('auto_archive_duration').absent) at.get('auto_archive_duration').oneOf([60, 1440, 4320, 10080])
  at.done()
}

/** Refuses one named field of a body with Discord's way of putting it. */
export function refuseField(field: string, code: string, message: string): never {
  const at = new At({})
  at.get(field).refuse(code, message)
  at.done()
  throw new Error('unreachable')
}
