//! What every store of users must do.

use kseekers_access::UserId;
use kseekers_auth::{Account, AuthError, Identifier, NewUser, User, UserStore};
use kseekers_envelope::input::Text;

use crate::support::{NOBODY, Stores, new_user};

async fn find_by(stores: &Stores, identifier: &str) -> Option<Account> {
    stores.users.find_by(&Identifier::parse(identifier).unwrap()).await.unwrap()
}

async fn taken(users: &dyn UserStore, new: NewUser) -> bool {
    matches!(users.create(&new).await, Err(AuthError::UserExists))
}

#[tokio::test]
async fn a_new_user_is_active_and_no_administrator() {
    let stores = Stores::new().await;
    let phone = Some(Text::parse("+48 123").unwrap());
    let created =
        stores.users.create(&NewUser { phone, ..new_user("Ada", "Ada@Example.com") }).await.unwrap();
    let expected = User {
        id: created.id,
        username: "Ada".to_owned(),
        email: "Ada@example.com".to_owned(),
        phone: Some("+48 123".to_owned()),
        is_admin: false,
    };
    assert_eq!(created, expected);
    assert_eq!(
        stores.users.find(created.id).await.unwrap(),
        Some(Account { user: expected, is_active: true })
    );
    assert_eq!(stores.users.find(NOBODY).await.unwrap(), None);
}

#[tokio::test]
async fn a_blank_telephone_number_is_none() {
    let stores = Stores::new().await;
    let phone = Some(Text::parse("  ").unwrap());
    let created =
        stores.users.create(&NewUser { phone, ..new_user("ada", "ada@example.com") }).await.unwrap();
    assert_eq!(created.phone, None);
    assert_eq!(stores.number("SELECT COUNT(*) FROM users WHERE phone IS NULL").await, 1);
}

#[tokio::test]
async fn a_name_or_an_address_is_given_once_whatever_its_letter_case() {
    let stores = Stores::new().await;
    stores.add_user("ada").await;
    for (username, email) in [
        ("ada", "other@example.com"),
        ("ADA", "other@example.com"),
        ("other", "ada@example.com"),
        ("other", "ADA@example.com"),
    ] {
        assert!(taken(&*stores.users, new_user(username, email)).await, "{username} {email}");
    }
    assert_eq!(stores.number("SELECT COUNT(*) FROM users").await, 1);
}

#[tokio::test]
async fn a_user_is_found_by_name_or_address_whatever_the_letter_case() {
    let stores = Stores::new().await;
    let ada = stores.add_user("Ada").await;
    for identifier in ["Ada", "ada", "ADA", "Ada@example.com", "ada@EXAMPLE.com"] {
        assert_eq!(
            find_by(&stores, identifier).await.map(|account| account.user),
            Some(ada.clone()),
            "{identifier}"
        );
    }
    for identifier in ["ad", "ada_", "a%", "ada@", "@example.com", "' OR ''='", "ada@example.com' --"] {
        assert_eq!(find_by(&stores, identifier).await, None, "{identifier}");
    }
}

#[tokio::test]
async fn old_names_with_an_at_sign_are_found_by_their_address_only() {
    let stores = Stores::new().await;
    stores.run("INSERT INTO users (username, email) VALUES ('a@b.co', 'ada@example.com')").await;
    assert_eq!(find_by(&stores, "a@b.co").await, None);
    assert_eq!(find_by(&stores, "ada@example.com").await.unwrap().user.username, "a@b.co");
}

#[tokio::test]
async fn missing_flags_of_old_rows_mean_no() {
    let stores = Stores::new().await;
    stores
        .run("INSERT INTO users (username, email, is_active, is_admin) VALUES ('old', 'old@example.com', NULL, NULL)")
        .await;
    let old = find_by(&stores, "old").await.unwrap();
    assert!(!old.is_active && !old.user.is_admin && old.user.id != UserId::new(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_want_the_same_name_at_the_same_time_one_gets_it() {
    let stores = Stores::new().await;
    for round in 0..20 {
        let (name, other) = (format!("name{round}"), format!("other{round}"));
        let (first, second) =
            (new_user(&name, &format!("{name}@a.co")), new_user(&name, &format!("{name}@b.co")));
        let (third, fourth) = (new_user(&other, "x@example.com"), first.clone());
        let [a, b, c, d] = [first, second, third, fourth].map(|new| {
            let users = stores.users.clone();
            tokio::spawn(async move { users.create(&new).await })
        });
        let _ = c.await.unwrap();
        let outcomes = [a.await.unwrap(), b.await.unwrap(), d.await.unwrap()];
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        let refused = outcomes.iter().filter(|outcome| matches!(outcome, Err(AuthError::UserExists))).count();
        assert_eq!(refused, 2, "{outcomes:?}");
    }
}
