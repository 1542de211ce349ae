//! The rules of registering and signing in.

mod authenticate;

use std::{fmt, sync::Arc, time::Duration};

use chrono::{SubsecRound, TimeDelta};
use kseekers_access::UserId;
use secrecy::SecretString;
use serde::Serialize;
use tokio::time::{Instant, sleep_until};
use tracing::instrument;

use crate::{
    AccessToken, Account, AuthError, Clock, Code, CodeMessage, CodeStore, Delivery, Identifier, NewUser,
    Purpose, Randomness, SystemClock, SystemRandomness, TokenSettings, Tokens, TypedCode, User, UserStore,
    codes::{self, CodeId, CodeKey, NewCode, Sweeper},
};

kseekers_envelope::input! {
    /// A wish for a code.
    pub struct CodeRequest {
        /// User name or e-mail address.
        pub username_or_email: Identifier,
    }
}

kseekers_envelope::input! {
    /// A code on its way back.
    pub struct CodeAnswer {
        /// User name or e-mail address.
        pub username_or_email: Identifier,
        /// The code as typed.
        pub otp_code: TypedCode,
    }
}

/// That a code is on its way, or would be if there were such a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "actix", derive(utoipa::ToSchema))]
pub struct CodeRequested {
    /// What was asked for, trimmed.
    pub username_or_email: String,
    /// For how many seconds the code counts.
    pub expires_in: u64,
    /// After how many seconds asking again makes sense.
    pub resend_after: u64,
    /// Where it went; only from a service that reveals who is its user.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// What a service may decide for itself.
///
/// End it with `..AuthSettings::default()`: a later version may have more settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthSettings {
    /// Whether anybody may register.
    pub registration_open: bool,
    /// Whether asking for a code tells who is a user. Friendlier, and a gift to whoever collects addresses.
    pub reveal_unknown_users: bool,
    /// How tokens are made.
    pub tokens: TokenSettings,
    /// How long a sign-in that fails takes: this, or a whole multiple of it. Much longer than one write to the disk
    /// of the database: only a try at a code that lives is written down, and the time should not tell.
    pub failure_time: Duration,
}

impl Default for AuthSettings {
    /// Open, silent about its users, failing in 250 ms.
    fn default() -> Self {
        Self {
            registration_open: true,
            reveal_unknown_users: false,
            tokens: TokenSettings::default(),
            failure_time: Duration::from_millis(250),
        }
    }
}

/// Nobody and nothing have this number.
const NOBODY: UserId = UserId::new(0);
const NO_CODE: CodeId = CodeId::new(0);

/// Registering, codes and tokens.
pub struct AuthService {
    users: Arc<dyn UserStore>,
    codes: Arc<dyn CodeStore>,
    delivery: Delivery,
    sweeper: Sweeper,
    code_key: CodeKey,
    tokens: Tokens,
    clock: Arc<dyn Clock>,
    randomness: Arc<dyn Randomness>,
    settings: AuthSettings,
}

impl AuthService {
    /// `secret` signs tokens as it is, and the key for codes is derived from it.
    ///
    /// # Errors
    /// [`AuthError::Setting`] if the secret or the settings cannot work.
    pub fn new(
        users: Arc<dyn UserStore>,
        codes: Arc<dyn CodeStore>,
        delivery: Delivery,
        secret: &SecretString,
        settings: AuthSettings,
    ) -> Result<Self, AuthError> {
        Ok(Self {
            users,
            sweeper: Sweeper::new(Arc::clone(&codes), delivery.runtime().clone()),
            codes,
            delivery,
            code_key: CodeKey::derive(secret),
            tokens: Tokens::new(secret, settings.tokens.clone())?,
            clock: Arc::new(SystemClock),
            randomness: Arc::new(SystemRandomness),
            settings,
        })
    }

    /// Tells the time by another clock.
    pub fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }

    /// Draws codes from another source.
    pub fn with_randomness(self, randomness: Arc<dyn Randomness>) -> Self {
        Self { randomness, ..self }
    }

    /// Makes somebody a user.
    ///
    /// # Errors
    /// [`AuthError::RegistrationClosed`], [`AuthError::UserExists`], [`AuthError::Storage`].
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn register(&self, new: &NewUser) -> Result<User, AuthError> {
        if !self.settings.registration_open {
            return Err(AuthError::RegistrationClosed);
        }
        self.users.create(new).await
    }

    /// Sends a code to a user. Says the same to everybody else and asks the database the same, so that the answer
    /// does not tell who is a user. Its time hardly does: it is not rounded, and a user's is microseconds longer.
    ///
    /// # Errors
    /// [`AuthError::UnknownUser`] if the settings say so, [`AuthError::Randomness`], [`AuthError::Storage`].
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn request_code(&self, request: &CodeRequest) -> Result<CodeRequested, AuthError> {
        let account = self.active(&request.username_or_email).await?;
        if account.is_none() && self.settings.reveal_unknown_users {
            return Err(AuthError::UnknownUser);
        }
        let code = Code::generate(&*self.randomness)?;
        self.keep(account.as_ref().map(|account| account.user.id), &code).await?;
        let requested = CodeRequested {
            username_or_email: request.username_or_email.to_string(),
            expires_in: codes::LIFETIME.as_secs(),
            resend_after: codes::RESEND_AFTER.as_secs(),
            email: account
                .as_ref()
                .filter(|_| self.settings.reveal_unknown_users)
                .map(|account| account.user.email.clone()),
        };
        self.delivery.hand_over(account.map(|Account { user, .. }| CodeMessage {
            user_id: user.id,
            username: user.username,
            email: user.email,
            code,
            valid_for: codes::LIFETIME,
        }));
        Ok(requested)
    }

    /// Exchanges a code for a token. Failing asks the database the same for whatever reason, and its time is rounded
    /// up to a multiple of [`AuthSettings::failure_time`].
    ///
    /// # Errors
    /// [`AuthError::InvalidCode`] for every code that does not count and everybody who may not sign in;
    /// [`AuthError::TokenNotMade`], [`AuthError::Randomness`], [`AuthError::Storage`].
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn sign_in(&self, answer: &CodeAnswer) -> Result<AccessToken, AuthError> {
        let start = Instant::now();
        match self.redeem(answer).await {
            Ok(user) => self.tokens.issue(&user, self.clock.now(), &*self.randomness),
            Err(AuthError::InvalidCode) => {
                sleep_until(start + next_multiple(self.settings.failure_time, start.elapsed())).await;
                Err(AuthError::InvalidCode)
            }
            Err(other) => Err(other),
        }
    }

    /// Sends the codes that are still waiting, for at most `grace`. Whether all of them were dealt with.
    #[instrument(target = "kseekers::profile", level = "trace", ret)]
    pub async fn shutdown(&self, grace: Duration) -> bool {
        self.delivery.shutdown(grace).await
    }

    async fn active(&self, identifier: &Identifier) -> Result<Option<Account>, AuthError> {
        Ok(self.users.find_by(identifier).await?.filter(|account| account.is_active))
    }

    async fn keep(&self, user: Option<UserId>, code: &Code) -> Result<(), AuthError> {
        // Whole seconds, as the columns hold them: a fraction would be rounded up there.
        let now = self.clock.now().trunc_subsecs(0);
        let purpose = Purpose::Login;
        let mac = self.code_key.seal(user, purpose, code);
        let expires_at = now + TimeDelta::seconds(codes::LIFETIME.as_secs().cast_signed());
        self.codes.add(&NewCode { user, purpose, mac, created_at: now, expires_at }).await?;
        self.sweeper.nudge(now);
        Ok(())
    }

    /// Asks the stores the same in the same order whatever comes of it: when the database is slow, each step that is
    /// left out shows in the time.
    async fn redeem(&self, answer: &CodeAnswer) -> Result<User, AuthError> {
        let (now, purpose) = (self.clock.now(), Purpose::Login);
        let user = self.active(&answer.username_or_email).await?.map(|account| account.user);
        let id = user.as_ref().map_or(NOBODY, |user| user.id);
        let tried = self.codes.take_try(id, purpose, codes::MAX_TRIES, now).await?;
        let opened = tried.filter(|tried| self.code_key.opens(id, purpose, &answer.otp_code, &tried.mac));
        let consumed = self.codes.consume(opened.as_ref().map_or(NO_CODE, |code| code.id), now).await?;
        user.filter(|_| opened.is_some() && consumed).ok_or(AuthError::InvalidCode)
    }
}

/// The smallest multiple of `step`, at least one, that is not below `elapsed`.
fn next_multiple(step: Duration, elapsed: Duration) -> Duration {
    let steps = elapsed.as_nanos().div_ceil(step.as_nanos().max(1)).max(1);
    step.saturating_mul(u32::try_from(steps).unwrap_or(u32::MAX))
}

impl fmt::Debug for AuthService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthService").field("settings", &self.settings).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_take_whole_multiples_of_the_failure_time() {
        let step = Duration::from_millis(250);
        for (elapsed, takes) in [(0, 250), (1, 250), (250, 250), (251, 500), (700, 750)] {
            assert_eq!(next_multiple(step, Duration::from_millis(elapsed)), Duration::from_millis(takes));
        }
        assert_eq!(next_multiple(Duration::ZERO, step), Duration::ZERO);
    }
}
