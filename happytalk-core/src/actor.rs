//! Who may do what: agents, managers, administrators and permission sets of a site's own (DOMAIN 1, 12.18).
//!
//! Data, checked on each command: [`Actor::may`] says yes or names the permission that is missing. An agent acts on
//! what is theirs; a manager on themselves and the agents under them; an administrator on the whole site. A manager
//! may be given an administrator's range.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::id::{AgentId, GroupId, Word};

/// One thing that may be allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Permission {
    /// Read a conversation.
    View,
    /// Take one from the shared list.
    Pick,
    /// Write to the customer.
    Say,
    /// Ask somebody else to take it, take such a request back, accept or refuse one.
    Transfer,
    /// Give it to another agent without asking.
    ForceTransfer,
    /// Give one that waits to an agent.
    Assign,
    /// Take it from its agent, back into the queue.
    Withdraw,
    /// End it, or its after-work.
    End,
    /// Exempt it from closing (종료보류), wake it, set its alarm.
    Hold,
    /// Category, tags, flags, title.
    Mark,
    /// Write a memo.
    Note,
    /// Ask for a look at it.
    RequestReview,
    /// Answer such a request.
    AnswerReview,
    /// Look in: silently, whispering to the agent, or joining.
    Supervise,
    /// Block the customer.
    Block,
    /// Write to a customer first, where the channel allows it.
    OpenConversation,
    /// See personal data without its mask; to be audited by the host.
    Unmask,
    /// Set a status of one's own or of an agent.
    SetStatus,
    /// Say who an agent is; remove one.
    ManageAgents,
    /// The site's settings: hours, modes, texts.
    Configure,
    /// The ledger.
    Bill,
}

impl Permission {
    /// All there are.
    pub const ALL: [Self; 21] = [
        Self::View,
        Self::Pick,
        Self::Say,
        Self::Transfer,
        Self::ForceTransfer,
        Self::Assign,
        Self::Withdraw,
        Self::End,
        Self::Hold,
        Self::Mark,
        Self::Note,
        Self::RequestReview,
        Self::AnswerReview,
        Self::Supervise,
        Self::Block,
        Self::OpenConversation,
        Self::Unmask,
        Self::SetStatus,
        Self::ManageAgents,
        Self::Configure,
        Self::Bill,
    ];

    /// The word that documents use.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Pick => "pick",
            Self::Say => "say",
            Self::Transfer => "transfer",
            Self::ForceTransfer => "force_transfer",
            Self::Assign => "assign",
            Self::Withdraw => "withdraw",
            Self::End => "end",
            Self::Hold => "hold",
            Self::Mark => "mark",
            Self::Note => "note",
            Self::RequestReview => "request_review",
            Self::AnswerReview => "answer_review",
            Self::Supervise => "supervise",
            Self::Block => "block",
            Self::OpenConversation => "open_conversation",
            Self::Unmask => "unmask",
            Self::SetStatus => "set_status",
            Self::ManageAgents => "manage_agents",
            Self::Configure => "configure",
            Self::Bill => "bill",
        }
    }
}

/// What a role may do, and whether on more than its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct PermissionSet {
    /// Its name, for screens and logs.
    pub name: Word,
    /// What is allowed.
    pub allows: BTreeSet<Permission>,
}

impl PermissionSet {
    /// A set of a site's own.
    #[must_use]
    pub fn new(name: Word, allows: impl IntoIterator<Item = Permission>) -> Self {
        Self {
            name,
            allows: allows.into_iter().collect(),
        }
    }

    /// 상담사: their own conversations.
    #[must_use]
    pub fn agent() -> Self {
        use Permission::{
            Block, End, Hold, Mark, Note, OpenConversation, Pick, RequestReview, Say, SetStatus,
            Transfer, View,
        };
        Self::new(
            Word::fixed("agent"),
            [
                View,
                Pick,
                Say,
                Transfer,
                End,
                Hold,
                Mark,
                Note,
                RequestReview,
                Block,
                OpenConversation,
                SetStatus,
            ],
        )
    }

    /// 매니저: what an agent may, and to lead the agents under them.
    #[must_use]
    pub fn manager() -> Self {
        use Permission::{AnswerReview, Assign, ForceTransfer, Supervise, Unmask, Withdraw};
        let mut set = Self::agent();
        set.name = Word::fixed("manager");
        set.allows.extend([
            Assign,
            ForceTransfer,
            Withdraw,
            AnswerReview,
            Supervise,
            Unmask,
        ]);
        set
    }

    /// 관리자: everything.
    #[must_use]
    pub fn admin() -> Self {
        Self::new(Word::fixed("admin"), Permission::ALL)
    }
}

/// On whose conversations and agents somebody may act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Scope {
    /// Their own, and what waits for anybody.
    Own,
    /// Also those of the agents in these groups.
    Groups(BTreeSet<GroupId>),
    /// All of the site.
    Site,
}

/// Somebody who acts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Actor {
    /// Who.
    pub id: AgentId,
    /// What they may do.
    pub permissions: PermissionSet,
    /// On what.
    pub scope: Scope,
}

/// What is acted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Target<'a> {
    /// What has no owner: the site itself, a conversation that waits for anybody or is with the bot.
    Nobody,
    /// An agent, or what is theirs.
    Of {
        /// Who.
        agent: &'a AgentId,
        /// Their group.
        group: Option<&'a GroupId>,
    },
}

/// Why somebody may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Forbidden {
    /// Their permission set does not hold it.
    #[error("not permitted. permission=`{}`", .permission.as_str())]
    Permission {
        /// What is missing.
        permission: Permission,
    },
    /// It is outside their scope.
    #[error("outside the scope. permission=`{}`", .permission.as_str())]
    Scope {
        /// What they wanted to do.
        permission: Permission,
    },
}

impl Forbidden {
    /// A name for programs that never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Permission { .. } => "actor.not_permitted",
            Self::Scope { .. } => "actor.out_of_scope",
        }
    }
}

impl Actor {
    /// 상담사: acts on what is theirs.
    #[must_use]
    pub fn agent(id: AgentId) -> Self {
        Self {
            id,
            permissions: PermissionSet::agent(),
            scope: Scope::Own,
        }
    }

    /// 매니저 of these groups.
    #[must_use]
    pub fn manager(id: AgentId, groups: impl IntoIterator<Item = GroupId>) -> Self {
        Self {
            id,
            permissions: PermissionSet::manager(),
            scope: Scope::Groups(groups.into_iter().collect()),
        }
    }

    /// 관리자.
    #[must_use]
    pub fn admin(id: AgentId) -> Self {
        Self {
            id,
            permissions: PermissionSet::admin(),
            scope: Scope::Site,
        }
    }

    /// With a permission set of the site's own.
    #[must_use]
    pub fn with_permissions(mut self, permissions: PermissionSet) -> Self {
        self.permissions = permissions;
        self
    }

    /// With this scope: a manager may be given an administrator's range.
    #[must_use]
    pub fn with_scope(mut self, scope: Scope) -> Self {
        self.scope = scope;
        self
    }

    /// Whether they may do it to `target`.
    ///
    /// # Errors
    /// [`Forbidden::Permission`] where it is nothing they may do, [`Forbidden::Scope`] where it is not theirs.
    pub fn may(&self, permission: Permission, target: Target<'_>) -> Result<(), Forbidden> {
        if !self.permissions.allows.contains(&permission) {
            return Err(Forbidden::Permission { permission });
        }
        let within = match (&self.scope, target) {
            (Scope::Site, _) | (_, Target::Nobody) => true,
            (_, Target::Of { agent, .. }) if *agent == self.id => true,
            (Scope::Groups(groups), Target::Of { group, .. }) => {
                group.is_some_and(|group| groups.contains(group))
            }
            (Scope::Own, Target::Of { .. }) => false,
        };
        if within {
            Ok(())
        } else {
            Err(Forbidden::Scope { permission })
        }
    }

    /// Whether they may ask for a transfer to an agent of `group`, themselves being of `own`: inside one group, or
    /// as far as their scope reaches (DOMAIN 2.3 row 10).
    ///
    /// # Errors
    /// As [`Actor::may`].
    pub fn may_transfer_to(
        &self,
        own: Option<&GroupId>,
        group: Option<&GroupId>,
    ) -> Result<(), Forbidden> {
        let permission = Permission::Transfer;
        if !self.permissions.allows.contains(&permission) {
            return Err(Forbidden::Permission { permission });
        }
        let within = own == group
            || match &self.scope {
                Scope::Site => true,
                Scope::Groups(groups) => group.is_some_and(|group| groups.contains(group)),
                Scope::Own => false,
            };
        if within {
            Ok(())
        } else {
            Err(Forbidden::Scope { permission })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> AgentId {
        text.parse().unwrap()
    }

    fn group(text: &str) -> GroupId {
        text.parse().unwrap()
    }

    #[test]
    fn case_12_18_an_agent_acts_on_what_is_theirs_or_nobodys() {
        let kim = Actor::agent(id("kim"));
        let (lee, vip) = (id("lee"), group("vip"));
        let own = Target::Of {
            agent: &kim.id,
            group: Some(&vip),
        };
        let other = Target::Of {
            agent: &lee,
            group: Some(&vip),
        };
        assert_eq!(kim.may(Permission::Say, own), Ok(()));
        assert_eq!(kim.may(Permission::Pick, Target::Nobody), Ok(()));
        assert_eq!(
            kim.may(Permission::Say, other).unwrap_err().code(),
            "actor.out_of_scope"
        );
        assert_eq!(
            kim.may(Permission::Withdraw, own).unwrap_err().code(),
            "actor.not_permitted"
        );
    }

    #[test]
    fn case_12_18_a_manager_leads_their_groups_and_may_be_given_the_range_of_an_administrator() {
        let park = Actor::manager(id("park"), [group("vip")]);
        let (lee, vip, night) = (id("lee"), group("vip"), group("night"));
        let of = |group| Target::Of { agent: &lee, group };
        assert_eq!(park.may(Permission::ForceTransfer, of(Some(&vip))), Ok(()));
        for group in [Some(&night), None] {
            assert_eq!(
                park.may(Permission::ForceTransfer, of(group))
                    .unwrap_err()
                    .code(),
                "actor.out_of_scope"
            );
        }
        let wide = park.with_scope(Scope::Site);
        assert_eq!(
            wide.may(Permission::ForceTransfer, of(Some(&night))),
            Ok(())
        );
        assert!(wide.may(Permission::Bill, Target::Nobody).is_err());
        assert_eq!(
            Actor::admin(id("choi")).may(Permission::Bill, Target::Nobody),
            Ok(())
        );
    }

    #[test]
    fn row_10_an_agent_transfers_inside_their_group_and_a_manager_beyond_it() {
        let (vip, night) = (group("vip"), group("night"));
        let kim = Actor::agent(id("kim"));
        assert_eq!(kim.may_transfer_to(Some(&vip), Some(&vip)), Ok(()));
        assert_eq!(kim.may_transfer_to(None, None), Ok(()));
        assert!(kim.may_transfer_to(Some(&vip), Some(&night)).is_err());
        let park = Actor::manager(id("park"), [vip.clone(), night.clone()]);
        assert_eq!(park.may_transfer_to(Some(&vip), Some(&night)), Ok(()));
    }

    #[test]
    fn a_set_of_a_sites_own_is_a_document() {
        let json = r#"{"name":"qa","allows":["view","supervise","answer_review"]}"#;
        let qa: PermissionSet = serde_json::from_str(json).unwrap();
        assert_eq!(
            qa,
            PermissionSet::new(
                "qa".parse().unwrap(),
                [
                    Permission::View,
                    Permission::Supervise,
                    Permission::AnswerReview
                ]
            )
        );
        for permission in Permission::ALL {
            let word = serde_json::to_string(&permission).unwrap();
            assert_eq!(word, format!("\"{}\"", permission.as_str()));
        }
        assert!(
            serde_json::from_str::<PermissionSet>(r#"{"name":"x","allows":["everything"]}"#)
                .is_err()
        );
    }
}
