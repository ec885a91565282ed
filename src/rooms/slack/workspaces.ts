// Purpose: which workspaces are ours, and the token for each: the one in the settings, or those that were installed.

/** Where tokens are kept, by name; the store seals them. */
export interface Secrets {
  secret(name: string): Promise<string | undefined>
  /** All names. */
  secrets(): Promise<string[]>
  keepSecret(name: string, text: string): Promise<void>
  dropSecret(name: string): Promise<void>
}

/** The names of ours: before the id of a workspace or of an organisation. */
const prefix = 'slack:'

export interface Workspaces {
  /** The workspace of ours that an act belongs to, of those that it names; undefined when none of them is ours. */
  ours(teams: readonly string[]): Promise<string | undefined>
  tokenOf(team: string): Promise<string | undefined>
  /** Forgets the token of a workspace or an organisation, and returns the workspaces that go with it. */
  remove(id: string): Promise<string[]>
}

/** The one workspace, or organisation, that the token in the settings belongs to; it is known once Slack said whose it is. */
export function oneWorkspace(
  token: string,
  home: () => { readonly team: string; readonly isOrganisation: boolean } | undefined,
): Workspaces {
  return {
    async ours([first]) {
      const own = home()
      return own === undefined || own.isOrganisation ? first : own.team
    },
    tokenOf: async () => token,
    remove: async (id) => [id],
  }
}

/** A workspace's own token, or the organisation that it is used through. */
interface Installed {
  readonly token?: string
  readonly organisation?: string
}

/** Every workspace that installed the app, by itself or with its organisation. */
export function manyWorkspaces(secrets: Secrets): Workspaces & { install(id: string, token: string): Promise<void> } {
  const known = new Map<string, Installed | undefined>()

  async function installed(id: string): Promise<Installed | undefined> {
    if (!known.has(id)) {
      const text = await secrets.secret(prefix + id)
      known.set(id, text === undefined ? undefined : (JSON.parse(text) as Installed))
    }
    return known.get(id)
  }

  async function keep(id: string, value: Installed): Promise<void> {
    await secrets.keepSecret(prefix + id, JSON.stringify(value))
    known.set(id, value)
  }

  async function forget(id: string): Promise<void> {
    await secrets.dropSecret(prefix + id)
    known.delete(id)
  }

  return {
    async ours(teams) {
      for (const team of teams) {
        if (!(await installed(team))) continue
        if (!isOrganisation(team)) return team
        // Posts come without an act that names the organisation.
        const [workspace] = teams.filter((one) => !isOrganisation(one))
        if (workspace !== undefined) await keep(workspace, { organisation: team })
        return workspace
      }
      return undefined
    },
    async tokenOf(team) {
      const { token, organisation } = (await installed(team)) ?? {}
      return token ?? (organisation === undefined ? undefined : (await installed(organisation))?.token)
    },
    async remove(id) {
      await forget(id)
      if (!isOrganisation(id)) return [id]
      const within: string[] = []
      for (const name of await secrets.secrets()) {
        const team = name.startsWith(prefix) ? name.slice(prefix.length) : undefined
        if (team !== undefined && (await installed(team))?.organisation === id) within.push(team)
      }
      for (const team of within) await forget(team)
      return within
    },
    install: (id, token) => keep(id, { token }),
  }
}

const isOrganisation = (id: string): boolean => id.startsWith('E')
