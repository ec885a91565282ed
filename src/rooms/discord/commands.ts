// Purpose: the features' commands as Discord's application commands, registered when they changed.
import {
  type APIApplicationCommandBasicOption,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  PermissionFlagsBits,
  type REST,
  type RESTPutAPIApplicationCommandsJSONBody,
  Routes,
} from 'discord.js'
import type { CommandInfo } from '../../chat/room.ts'
import { command as limits } from './limits.ts'

type CommandBody = Extract<RESTPutAPIApplicationCommandsJSONBody[number], { description: string }>

/** The commands as they are registered. They are offered in servers only: a club is one server. Throws RangeError when one breaks a limit. */
export function drawCommands(commands: readonly CommandInfo[]): CommandBody[] {
  const drawn = commands.map(drawCommand)
  const broken = brokenLimits(drawn)
  if (broken.length > 0) throw new RangeError(`commands that Discord would refuse: ${broken.join('; ')}`)
  return drawn
}

function drawCommand({ name, label, description, organiserOnly, ...fields }: CommandInfo): CommandBody {
  const options = Object.keys(fields.fields).map((field) => drawOption(field, fields))
  return {
    type: ApplicationCommandType.ChatInput,
    name,
    name_localizations: { ko: label.ko },
    description: description.en,
    description_localizations: { ko: description.ko },
    options: [...options.filter(({ required }) => required), ...options.filter(({ required }) => !required)],
    default_member_permissions: organiserOnly ? String(PermissionFlagsBits.ManageGuild) : null,
    contexts: [InteractionContextType.Guild],
    integration_types: [ApplicationIntegrationType.GuildInstall],
    nsfw: false,
  }
}

function drawOption(
  name: string,
  { fields, fieldLabels, fieldDescriptions, choiceLabels, suggests }: Omit<CommandInfo, 'name' | 'label' | 'description' | 'organiserOnly'>,
): APIApplicationCommandBasicOption {
  const field = fields[name]
  if (!field) throw new Error(`there is no field ${name}`)
  const base = {
    name,
    name_localizations: { ko: fieldLabels[name]?.ko ?? name },
    description: fieldDescriptions[name]?.en ?? name,
    description_localizations: { ko: fieldDescriptions[name]?.ko ?? name },
    required: field.required ?? false,
  }
  switch (field.type) {
    case 'member':
      return { ...base, type: ApplicationCommandOptionType.User }
    case 'role':
      return { ...base, type: ApplicationCommandOptionType.Role }
    case 'choice': {
      const label = (value: string) => choiceLabels[name]?.[value]
      const choices = field.values.map((value) => ({
        name: label(value)?.en ?? value,
        name_localizations: { ko: label(value)?.ko ?? value },
        value,
      }))
      return { ...base, type: ApplicationCommandOptionType.String, choices }
    }
    case 'text':
      return suggests.includes(name)
        ? { ...base, type: ApplicationCommandOptionType.String, autocomplete: true }
        : { ...base, type: ApplicationCommandOptionType.String, max_length: field.max }
  }
}

/** Every documented rule that these commands break, in words. */
export function brokenLimits(commands: readonly CommandBody[]): string[] {
  const broken: string[] = []
  const check = (holds: boolean, rule: string) => {
    if (!holds) broken.push(rule)
  }
  const checkNames = (where: string, { name, name_localizations }: Named) => {
    for (const one of [name, ...Object.values(name_localizations ?? {})]) {
      check(!!one && limits.name.test(one) && one === one.toLowerCase(), `${where}: “${one}” is no name of 1 to 32 letters, lower case`)
    }
  }
  const checkDescriptions = (where: string, { description, description_localizations }: Described) => {
    for (const one of [description, ...Object.values(description_localizations ?? {})]) {
      check(
        (one ?? '').length >= 1 && (one ?? '').length <= limits.description,
        `${where}: a description of ${(one ?? '').length} characters`,
      )
    }
  }
  check(commands.length <= limits.commands, `${commands.length} commands, at most ${limits.commands}`)
  check(new Set(commands.map(({ name }) => name)).size === commands.length, 'two commands of one name')
  for (const command of commands) {
    const options = (command.options ?? []) as APIApplicationCommandBasicOption[]
    checkNames(command.name, command)
    checkDescriptions(command.name, command)
    check(options.length <= limits.options, `${command.name}: ${options.length} options, at most ${limits.options}`)
    check(new Set(options.map(({ name }) => name)).size === options.length, `${command.name}: two options of one name`)
    const firstOptional = options.findIndex(({ required }) => !required)
    check(
      firstOptional < 0 || options.slice(firstOptional).every(({ required }) => !required),
      `${command.name}: required options come first`,
    )
    for (const option of options) {
      const where = `${command.name} ${option.name}`
      checkNames(where, option)
      checkDescriptions(where, option)
      const choices = choicesOf(option)
      check(choices.length <= limits.choices, `${where}: ${choices.length} choices, at most ${limits.choices}`)
      check(new Set(choices.map(({ name }) => name)).size === choices.length, `${where}: two choices of one name`)
      for (const { name, name_localizations, value } of choices) {
        for (const one of [name, value, ...Object.values(name_localizations ?? {})]) {
          check(
            `${one}`.length >= 1 && `${one}`.length <= limits.choice,
            `${where}: “${one}” is no choice of 1 to ${limits.choice} characters`,
          )
        }
      }
    }
    check(
      treeLength(command, options) <= limits.tree,
      `${command.name}: ${treeLength(command, options)} characters, at most ${limits.tree}`,
    )
  }
  return broken
}

type Localised = Partial<Record<string, string | null>> | null | undefined
type Named = { readonly name: string; readonly name_localizations?: Localised }
type Described = { readonly description: string; readonly description_localizations?: Localised }
type Choice = Named & { readonly value: string | number }

const choicesOf = (option: APIApplicationCommandBasicOption): readonly Choice[] => ('choices' in option && option.choices) || []

/** The characters of a command, each word in its longest language. */
function treeLength(command: CommandBody, options: readonly APIApplicationCommandBasicOption[]): number {
  const longest = (word: string, localised: Localised) =>
    Math.max(word.length, ...Object.values(localised ?? {}).map((other) => other?.length ?? 0))
  const own = (part: Named & Described) =>
    longest(part.name, part.name_localizations) + longest(part.description, part.description_localizations)
  const ofChoices = (choices: readonly Choice[]) =>
    choices.reduce((sum, { name, name_localizations, value }) => sum + longest(name, name_localizations) + `${value}`.length, 0)
  return own(command) + options.reduce((sum, option) => sum + own(option) + ofChoices(choicesOf(option)), 0)
}

/** Registers the commands, for one server or for all, unless they are there as they are. Returns whether they had changed. */
export async function registerCommands(
  rest: REST,
  application: string,
  guild: string | undefined,
  commands: readonly CommandInfo[],
): Promise<boolean> {
  const body = drawCommands(commands)
  const route = guild === undefined ? Routes.applicationCommands(application) : Routes.applicationGuildCommands(application, guild)
  const there = await rest.get(route, { query: new URLSearchParams({ with_localizations: 'true' }) })
  if (isSame(body, there, guild !== undefined)) return false
  await rest.put(route, { body })
  return true
}

/** True when `there` says what `ours` says. Discord adds ids and versions, leaves out what is false, and keeps its own order of commands. */
function isSame(ours: readonly CommandBody[], there: unknown, ofGuild: boolean): boolean {
  if (!Array.isArray(there) || there.length !== ours.length) return false
  return ours.every((command) => {
    const found = there.find((other: { name?: unknown }) => other?.name === command.name)
    // Commands of one server have no contexts.
    const { contexts, integration_types, ...own } = command
    return says(found, ofGuild ? own : command)
  })
}

/** `exactly`: and nothing besides, as no language that we do not speak. */
function says(there: unknown, ours: unknown, exactly = false): boolean {
  if (ours === undefined || ours === null || ours === false) return there === undefined || there === null || there === false
  if (Array.isArray(ours)) {
    if (ours.length === 0) return there === undefined || there === null || (Array.isArray(there) && there.length === 0)
    return Array.isArray(there) && there.length === ours.length && ours.every((one, i) => says(there[i], one))
  }
  if (typeof ours === 'object') {
    return (
      typeof there === 'object' &&
      there !== null &&
      (!exactly || Object.keys(there).length === Object.keys(ours).length) &&
      Object.entries(ours).every(([key, one]) => says((there as Record<string, unknown>)[key], one, key.endsWith('_localizations')))
    )
  }
  return there === ours
}
