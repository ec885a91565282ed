// Purpose: where to say hello: the first channel of a server that the bot may write to.
import { type APIRole, ChannelType, type GatewayGuildCreateDispatchData, OverwriteType, PermissionFlagsBits } from 'discord.js'
import { lacksOf } from './read.ts'

type Channel = GatewayGuildCreateDispatchData['channels'][number]

/** The channel for system messages if it will do, else the first text channel from the top; undefined when there is none. */
export function greetingChannel(guild: GatewayGuildCreateDispatchData, botUser: string): string | undefined {
  const channels = guild.channels.filter(({ type }) => type === ChannelType.GuildText)
  const order = (channel: Channel) => (channel.id === guild.system_channel_id ? -1 : 'position' in channel ? channel.position : 0)
  const open = channels
    .filter((channel) =>
      lacksOf(permissionsIn(guild, channel, botUser), channel.type).every((need) => need === 'attach' || need === 'thread'),
    )
    .sort((a, b) => order(a) - order(b))
  return open[0]?.id
}

/** What a member may do in a channel (https://discord.com/developers/docs/topics/permissions#permission-overwrites). */
function permissionsIn(guild: GatewayGuildCreateDispatchData, channel: Channel, user: string): bigint {
  const own = guild.members.find((member) => member.user.id === user)?.roles ?? []
  const bits = (roles: readonly APIRole[]) => roles.reduce((all, { permissions }) => all | BigInt(permissions), 0n)
  const base = bits(guild.roles.filter(({ id }) => id === guild.id || own.includes(id)))
  if ((base & PermissionFlagsBits.Administrator) !== 0n) return base
  const overwrites = ('permission_overwrites' in channel && channel.permission_overwrites) || []
  const layers = [
    overwrites.filter(({ id }) => id === guild.id),
    overwrites.filter(({ id, type }) => type === OverwriteType.Role && own.includes(id)),
    overwrites.filter(({ id, type }) => type === OverwriteType.Member && id === user),
  ]
  return layers.reduce((allowed, layer) => {
    const denied = layer.reduce((all, { deny }) => all | BigInt(deny), 0n)
    return layer.reduce((all, { allow }) => all | BigInt(allow), allowed & ~denied)
  }, base)
}
