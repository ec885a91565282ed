// Purpose: the app as Slack is told of it, made from the features' commands: paste it, and everything is switched on that is needed.
import { cut } from '../../chat/fit.ts'
import type { CommandInfo, Words } from '../../chat/room.ts'
import { texts } from '../../text/index.ts'
import { shortNames, umbrella } from './commands.ts'
import { appName } from './draw.ts'
import { manifest as limits } from './limits.ts'
import { noteShortcut } from './read.ts'

/** README says of each what for. Reading the channel's history is for one thing only: to look whether a post is there already. */
export const scopes = {
  needed: ['commands', 'chat:write', 'files:write', 'users:read', 'channels:read', 'groups:read'],
  optional: ['channels:history', 'groups:history'],
} as const

export interface ManifestOptions {
  /** Where this program is reached from outside, without a path; without it, by Socket Mode. */
  readonly url?: string
  /** The five short commands besides the umbrella. */
  readonly short: boolean
  /** The two scopes by which a post in doubt can be looked for. */
  readonly history: boolean
}

const events = ['app_home_opened', 'app_uninstalled', 'tokens_revoked', 'user_change']

/** Throws RangeError when a name breaks a limit of Slack's. */
export function drawManifest(commands: readonly CommandInfo[], { url, short, history }: ManifestOptions) {
  const endpoint = url === undefined ? {} : { url: `${url}/slack/events` }
  const request = url === undefined ? {} : { request_url: `${url}/slack/events` }
  const both = ({ ko, en }: Words) => `${ko} · ${en}`
  const slash = (name: string, description: string, hint: string) => ({
    command: `/${name}`,
    description: cut(description, limits.description),
    ...(hint && { usage_hint: hint }),
    should_escape: true,
    ...endpoint,
  })
  const hintOf = (name: string) => (name === umbrella.ko ? '오늘 | 인증 한 줄 | 연속 | 도움말' : 'today | checkin one line | streak | help')
  const drawn = {
    display_information: {
      name: appName,
      description: '하루 1%씩 함께 공부하는 클럽 · a study club, one percent a day',
      background_color: '#2f8552',
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: true },
      bot_user: { display_name: appName, always_online: false },
      shortcuts: [
        {
          name: `${texts.ko.room.shortcut} · ${texts.en.room.shortcut}`,
          type: 'message',
          callback_id: noteShortcut,
          description: cut(both(wordsOf(commands, 'checkin')), limits.shortcutText),
        },
      ],
      slash_commands: [
        ...Object.values(umbrella).map((name) => slash(name, '스터디 클럽의 모든 명령 · everything in the study club', hintOf(name))),
        ...(short ? shortNames.map((name) => slash(name, both(wordsOf(commands, name)), fieldsOf(commands, name))) : []),
      ],
    },
    oauth_config: {
      ...(url !== undefined && { redirect_urls: [`${url}/slack/oauth_redirect`] }),
      scopes: { bot: [...scopes.needed, ...(history ? scopes.optional : [])] },
    },
    settings: {
      event_subscriptions: { ...request, bot_events: events },
      interactivity: { is_enabled: true, ...request },
      org_deploy_enabled: url !== undefined,
      socket_mode_enabled: url === undefined,
      token_rotation_enabled: false,
    },
  }
  const tooLong = [
    ...drawn.features.slash_commands.filter(({ command }) => command.length > limits.command).map(({ command }) => command),
    ...drawn.features.shortcuts.filter(({ name }) => name.length > limits.shortcut).map(({ name }) => name),
  ]
  if (tooLong.length > 0) throw new RangeError(`names that Slack would refuse as too long: ${tooLong.join(', ')}`)
  return drawn
}

function wordsOf(commands: readonly CommandInfo[], name: string): Words {
  const info = commands.find((one) => one.name === name)
  if (!info) throw new RangeError(`there is no command ${name} for the manifest`)
  return info.description
}

/** What can follow a short command. */
const fieldsOf = (commands: readonly CommandInfo[], name: string): string =>
  Object.keys(commands.find((one) => one.name === name)?.fields ?? {})
    .map((field) => `[${field}]`)
    .join(' ')
