//! What a crate may pull in from outside.

use super::tree::Node;
use crate::workspace::{Package, Variant};

/// Something that only those who asked for it should have to compile.
struct Heavy {
    what: &'static str,
    is: fn(&str) -> bool,
    /// The feature that brings it.
    feature: &'static str,
    /// Crates that are about it and have it always.
    at_home: &'static [&'static str],
}

const HEAVY: [Heavy; 4] = [
    Heavy { what: "actix-web", is: |name| name == "actix-web", feature: "actix", at_home: &[] },
    Heavy {
        what: "the MySQL driver",
        is: |name| name == "mysql_async",
        feature: "mysql",
        at_home: &["db-pool", "embedded-mysql", "migrator", "server"],
    },
    Heavy { what: "the AWS SDK", is: is_aws_sdk, feature: "aws", at_home: &[] },
    Heavy { what: "a mailer", is: |name| name == "lettre", feature: "smtp", at_home: &[] },
];

/// `aws-lc-rs` is cryptography and no part of the SDK.
fn is_aws_sdk(name: &str) -> bool {
    name.starts_with("aws-") && !name.starts_with("aws-lc-")
}

/// Second copies of what we have already, or known to be vulnerable.
const BANNED: [(&str, &str, &str); 5] = [
    ("ring", "", "aws-lc-rs is our one cryptography"),
    ("openssl-sys", "", "rustls is our one TLS"),
    ("native-tls", "", "rustls is our one TLS"),
    ("hyper", "0.14.", "it is no longer maintained"),
    ("rsa", "", "RUSTSEC-2023-0071 has no fix"),
];

/// Libraries with each feature, and the server without its own: that is what migrates.
pub(super) fn is_bound(package: &Package) -> bool {
    package.is_library() || package.short_name() == "server"
}

pub(super) fn too_heavy(variant: &Variant<'_>, tree: &[Node]) -> Vec<String> {
    let forbidden = HEAVY.iter().filter(|heavy| {
        variant.feature != Some(heavy.feature) && !heavy.at_home.contains(&variant.package.short_name())
    });
    forbidden
        .filter_map(|heavy| {
            let node = tree.iter().find(|node| (heavy.is)(&node.name))?;
            Some(format!("{} must not pull in {}: {}", variant.title(), heavy.what, node.path))
        })
        .collect()
}

pub(super) fn banned(tree: &[Node]) -> Vec<String> {
    tree.iter()
        .filter_map(|node| {
            let (.., why) = BANNED
                .iter()
                .find(|(name, version, _)| node.name == *name && node.version.starts_with(version))?;
            Some(format!("{} {} is banned, {why}: {}", node.name, node.version, node.path))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(nodes: &[(&str, &str)]) -> Vec<Node> {
        let node = |(name, version): &(&str, &str)| Node {
            name: (*name).into(),
            version: (*version).into(),
            path: format!("x → {name}"),
        };
        nodes.iter().map(node).collect()
    }

    fn found(package: &str, feature: Option<&str>, names: &[&str]) -> usize {
        let package = Package { name: format!("kseekers-{package}"), ..Package::default() };
        let nodes: Vec<_> = names.iter().map(|name| (*name, "1.0.0")).collect();
        too_heavy(&Variant { package: &package, feature }, &tree(&nodes)).len()
    }

    #[test]
    fn a_core_without_features_has_neither_web_framework_nor_driver_nor_sdk() {
        assert_eq!(found("lookup", None, &["serde", "actix-web", "mysql_async", "aws-sdk-s3", "lettre"]), 4);
        assert_eq!(found("auth", None, &["aws-lc-rs", "aws-lc-sys"]), 0);
    }

    #[test]
    fn a_feature_brings_its_own_weight_and_no_other() {
        assert_eq!(found("lookup", Some("actix"), &["actix-web"]), 0);
        assert_eq!(found("lookup", Some("actix"), &["actix-web", "mysql_async"]), 1);
        assert_eq!(found("lookup", Some("mysql"), &["mysql_async", "actix-web"]), 1);
    }

    #[test]
    fn only_its_feature_brings_the_sdk_into_s3() {
        let sdk = ["aws-sdk-s3", "aws-smithy-types", "aws-lc-rs"];
        assert_eq!(found("s3", Some("aws"), &sdk), 0);
        for feature in [None, Some("actix"), Some("mysql")] {
            assert_eq!(found("s3", feature, &sdk), 1, "{feature:?}");
        }
        assert_eq!(found("s3", Some("aws"), &["actix-web", "mysql_async"]), 2);
    }

    #[test]
    fn what_only_migrates_has_the_driver_and_nothing_else() {
        assert_eq!(found("server", None, &["mysql_async"]), 0);
        assert_eq!(found("server", None, &["mysql_async", "actix-web"]), 1);
        assert_eq!(found("migrator", None, &["mysql_async"]), 0);
    }

    #[test]
    fn banned_crates_are_found_with_the_way_to_them() {
        let found =
            banned(&tree(&[("ring", "0.17.1"), ("hyper", "1.4.0"), ("hyper", "0.14.9"), ("rsa", "0.9.10")]));
        assert_eq!(found.len(), 3, "{found:?}");
        assert!(found[0].contains("x → ring"), "{found:?}");
    }
}
