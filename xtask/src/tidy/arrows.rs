//! Which of our crates may know which.

use crate::workspace::{Dependency, Package};

/// May be used with any features, or with none.
const ALWAYS: &str = "";

/// Which of our crates another may depend on: always, or only while the feature named is on.
type Allowed = &'static [(&'static str, &'static str)];

/// Each crate that stands below the domain crates, and the one that stands beside all.
const ARROWS: &[(&str, Allowed)] = &[
    ("embedded-mysql", &[]),
    ("local-s3", &[]),
    ("migrator", &[]),
    ("envelope", &[]),
    ("access", &[("envelope", ALWAYS)]),
    ("db-pool", &[("envelope", "envelope")]),
    ("xtask", &[]),
];

/// Every other crate is a domain crate, a new one too.
const DOMAIN: Allowed = &[("access", ALWAYS), ("envelope", ALWAYS), ("db-pool", "mysql")];

/// Puts everything together.
const SERVER: &str = "server";

/// Tests of any crate may start a server.
const FOR_TESTS: [&str; 2] = ["embedded-mysql", "local-s3"];

pub(super) fn violations(package: &Package) -> Vec<String> {
    let from = package.short_name();
    if from == SERVER {
        return Vec::new();
    }
    let allowed = ARROWS.iter().find(|(name, _)| *name == from).map_or(DOMAIN, |(_, allowed)| allowed);
    let ours = package.dependencies.iter().filter_map(|dependency| {
        let to = dependency.name.strip_prefix("kseekers-")?;
        Some((to, dependency))
    });
    ours.filter_map(|(to, dependency)| violation(package, allowed, to, dependency)).collect()
}

fn violation(package: &Package, allowed: Allowed, to: &str, dependency: &Dependency) -> Option<String> {
    let from = package.short_name();
    if dependency.dev && FOR_TESTS.contains(&to) {
        return None;
    }
    let Some((_, only_with)) = allowed.iter().find(|(name, _)| *name == to) else {
        return Some(format!("{from} must not know {to}"));
    };
    if *only_with == ALWAYS || dependency.dev {
        return None;
    }
    if !dependency.optional {
        return Some(format!(
            "{from} may know {to} only with its feature `{only_with}`, so it must be optional"
        ));
    }
    let switch = format!("dep:{}", dependency.name);
    package.features.iter().find(|(feature, needs)| *feature != only_with && needs.contains(&switch)).map(
        |(feature, _)| {
            format!("{from}: the feature `{feature}` must not turn {to} on, only `{only_with}` may")
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, dependencies: &[Dependency]) -> Package {
        Package { name: name.into(), dependencies: dependencies.to_vec(), ..Package::default() }
    }

    fn on(name: &str) -> Dependency {
        Dependency { name: name.into(), ..Dependency::default() }
    }

    #[test]
    fn a_domain_crate_must_not_know_another() {
        let found = violations(&package("kseekers-lookup", &[on("kseekers-auth"), on("kseekers-envelope")]));
        assert_eq!(found, ["lookup must not know auth"]);
    }

    #[test]
    fn not_even_in_its_tests_except_for_private_servers() {
        let dev = |name: &str| Dependency { dev: true, ..on(name) };
        let found = violations(&package(
            "kseekers-lookup",
            &[dev("kseekers-auth"), dev("kseekers-embedded-mysql"), dev("kseekers-local-s3")],
        ));
        assert_eq!(found, ["lookup must not know auth"]);
        let found = violations(&package("kseekers-lookup", &[on("kseekers-embedded-mysql")]));
        assert_eq!(found, ["lookup must not know embedded-mysql"]);
    }

    #[test]
    fn the_pool_is_known_only_with_the_feature_mysql() {
        let found = violations(&package("kseekers-auth", &[on("kseekers-db-pool")]));
        assert!(found[0].contains("only with its feature `mysql`"), "{found:?}");

        let pool = Dependency { optional: true, ..on("kseekers-db-pool") };
        let mut auth = package("kseekers-auth", &[pool]);
        auth.features.insert("mysql".into(), vec!["dep:kseekers-db-pool".into()]);
        assert_eq!(violations(&auth), Vec::<String>::new());
        auth.features.insert("smtp".into(), vec!["dep:kseekers-db-pool".into()]);
        assert!(violations(&auth)[0].contains("`smtp` must not turn db-pool on"));
    }

    #[test]
    fn a_new_crate_is_a_domain_crate() {
        let foundations = [on("kseekers-access"), on("kseekers-envelope")];
        assert_eq!(violations(&package("kseekers-billing", &foundations)), Vec::<String>::new());
        let found =
            violations(&package("kseekers-billing", &[on("kseekers-lookup"), on("kseekers-migrator")]));
        assert_eq!(found, ["billing must not know lookup", "billing must not know migrator"]);
    }
}
