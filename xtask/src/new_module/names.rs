//! The name of a module in all the forms that code, tables, paths and sentences want it in.

use super::reserved;
use crate::Result;

/// A noun in `snake_case`, one and many.
#[derive(Debug, Clone)]
pub(super) struct Noun {
    pub(super) plural: String,
    pub(super) singular: String,
}

/// A module and what it belongs to. The plural of the latter is its table.
#[derive(Debug, Clone)]
pub(super) struct Module {
    pub(super) noun: Noun,
    pub(super) parent: Noun,
}

/// Table names may have 64 characters, and the names of indexes are longer than those of their tables.
const LONGEST: usize = 40;

impl Noun {
    /// Both forms as given, `order_items` or `order-items`.
    pub(super) fn new(plural: &str, singular: &str) -> Result<Self> {
        let (plural, singular) = (checked(plural)?, checked(singular)?);
        let type_name = camel(&singular);
        for (word, taken_by) in [
            (&plural, reserved::as_table(&plural)),
            (&singular, reserved::in_rust(&singular)),
            (&type_name, reserved::as_type(&type_name)),
        ] {
            if let Some(whom) = taken_by {
                return Err(format!("`{word}` cannot be used as a name: it is a word of {whom}").into());
            }
        }
        if plural == singular {
            return Err(format!("one and many must not both be `{plural}`: say --singular WORD").into());
        }
        Ok(Self { plural, singular })
    }

    /// The singular is found where that is beyond doubt.
    pub(super) fn of_plural(plural: &str) -> Result<Self> {
        let plural = checked(plural)?;
        let (front, last) =
            plural.rsplit_once('_').map_or(("", plural.as_str()), |(front, last)| (front, last));
        let singular = singular(last)
            .ok_or_else(|| format!("what one of `{plural}` is called is not clear: say --singular WORD"))?;
        Self::new(&plural, &if front.is_empty() { singular } else { format!("{front}_{singular}") })
    }

    /// `order-items`
    pub(super) fn kebab(&self) -> String {
        self.plural.replace('_', "-")
    }

    /// `OrderItem`
    pub(super) fn type_name(&self) -> String {
        camel(&self.singular)
    }

    /// `order item`
    pub(super) fn words(&self) -> String {
        self.singular.replace('_', " ")
    }
}

impl Module {
    /// `parent` is a table, or `word=table` when rows are not called as their table is.
    pub(super) fn new(noun: Noun, parent: &str) -> Result<Self> {
        let parent = match parent.split_once('=') {
            Some((word, table)) => Noun::new(table, word)?,
            None => Noun::of_plural(parent)
                .map_err(|error| format!("{error}. Of a parent: --parent WORD={parent}"))?,
        };
        if noun.singular == parent.singular {
            let word = &noun.singular;
            return Err(format!("a {word} cannot belong to a {word}: say --parent TABLE").into());
        }
        Ok(Self { noun, parent })
    }

    /// What stands in the template, and what takes its place: no key is found within a longer one before that.
    pub(super) fn replacements(&self) -> Vec<(&'static str, String)> {
        let Noun { plural, singular } = &self.noun;
        let Noun { plural: table, singular: role } = &self.parent;
        let (many, one, role_words) = (spaced(plural), spaced(singular), spaced(role));
        let with_article = |words: &str| format!("{} {words}", article(words));
        vec![
            ("A spare part", capital(&with_article(&one))),
            ("a spare part", with_article(&one)),
            ("a car model", with_article(&role_words)),
            ("Spare parts", capital(&many)),
            ("spare parts", many),
            ("Spare part", capital(&one)),
            ("spare part", one),
            ("spare_parts", plural.clone()),
            ("spare-parts", plural.replace('_', "-")),
            ("SpareParts", camel(plural)),
            ("SparePart", camel(singular)),
            ("car_models", table.clone()),
            ("car_model", role.clone()),
            ("car-model", role.replace('_', "-")),
            ("CAR_MODEL", role.to_uppercase()),
            ("CarModel", camel(role)),
            ("Car model", capital(&role_words)),
            ("car model", role_words),
        ]
    }
}

/// `an order item`, `a user`.
pub(super) fn article(words: &str) -> &'static str {
    let begins = |beginnings: &[&str]| beginnings.iter().any(|beginning| words.starts_with(beginning));
    let silent = begins(&["hour", "honor", "honour", "heir"]);
    let spoken = begins(&["a", "e", "i", "o", "u"]) && !begins(&["eu", "one", "uni", "us", "ut"]);
    if silent || spoken { "an" } else { "a" }
}

fn checked(name: &str) -> Result<String> {
    let snake = name.replace('-', "_");
    let word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_lowercase())
            && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    if !snake.split('_').all(word) || snake.len() > LONGEST {
        return Err(format!(
            "`{name}` cannot name a module: words of small letters and digits, joined by `_`, at most {LONGEST} characters"
        )
        .into());
    }
    Ok(snake)
}

/// Of endings that may come from two singulars (`caches`, `shelves`, `heroes`) nothing is guessed.
fn singular(plural: &str) -> Option<String> {
    const IRREGULAR: [(&str, &str); 7] = [
        ("children", "child"),
        ("cookies", "cookie"),
        ("men", "man"),
        ("movies", "movie"),
        ("news", ""),
        ("people", "person"),
        ("series", ""),
    ];
    const UNCLEAR: [&str; 8] = ["ches", "oes", "ses", "ss", "us", "is", "ves", "zes"];
    let with = |ending: &str, instead: &str| Some(format!("{}{instead}", plural.strip_suffix(ending)?));
    let singular = if let Some((_, singular)) = IRREGULAR.iter().find(|(many, _)| *many == plural) {
        Some((*singular).to_owned())
    } else if ["sses", "shes", "tches", "xes"].iter().any(|ending| plural.ends_with(ending)) {
        with("es", "")
    } else if plural.len() > 4 && plural.ends_with("ies") {
        with("ies", "y")
    } else if UNCLEAR.iter().any(|ending| plural.ends_with(ending)) {
        None
    } else {
        with("s", "")
    };
    singular.filter(|singular| !singular.is_empty())
}

fn spaced(snake: &str) -> String {
    snake.replace('_', " ")
}

fn capital(word: &str) -> String {
    let mut characters = word.chars();
    characters
        .next()
        .map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + characters.as_str())
}

fn camel(snake: &str) -> String {
    snake.split('_').map(capital).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_many_is_found_or_asked_for() {
        for (many, one) in [
            ("products", "product"),
            ("categories", "category"),
            ("order_items", "order_item"),
            ("addresses", "address"),
            ("taxes", "tax"),
            ("branches", ""),
            ("batches", "batch"),
            ("caches", ""),
            ("shelves", ""),
            ("heroes", ""),
            ("statuses", ""),
            ("movies", "movie"),
            ("ties", "tie"),
            ("company_people", "company_person"),
            ("series", ""),
            ("status", ""),
            ("stock", ""),
        ] {
            match Noun::of_plural(many) {
                Ok(noun) => assert_eq!(noun.singular, one, "{many}"),
                Err(error) => assert!(one.is_empty() && error.to_string().contains("--singular"), "{error}"),
            }
        }
    }

    #[test]
    fn nonsense_and_reserved_words_are_refused() {
        let long = "a".repeat(41);
        for name in ["", "Products", "1st", "a__b", "_a", "a_", "a b", "../a", "für", "a.b", "a/b", &long] {
            let error = Noun::new(name, "x").unwrap_err().to_string();
            assert!(error.starts_with(&format!("`{name}` cannot name a module: words of")), "{error}");
        }
        for (name, word) in [("types", "type"), ("groups", "groups"), ("boxes", "box"), ("options", "Option")]
        {
            let error = Noun::of_plural(name).unwrap_err().to_string();
            assert!(error.starts_with(&format!("`{word}` cannot be used as a name")), "{error}");
        }
        assert!(Noun::new("std", "x").unwrap_err().to_string().ends_with("a word of Rust's own crates"));
        assert!(Noun::of_plural("orders").is_ok(), "no table is called by the singular");
        assert!(Noun::new("sheep", "sheep").is_err());
    }

    #[test]
    fn a_name_has_all_its_forms() {
        let noun = Noun::of_plural("order-items").unwrap();
        assert_eq!(
            (noun.kebab(), noun.type_name(), noun.words()),
            ("order-items".into(), "OrderItem".into(), "order item".into())
        );
        let module = Module::new(noun, "category=lookup_values").unwrap();
        let find = |key: &str| module.replacements().into_iter().find(|(there, _)| *there == key).unwrap().1;
        assert_eq!(find("A spare part"), "An order item");
        assert_eq!(find("SpareParts"), "OrderItems");
        assert_eq!((find("car_models"), find("car_model")), ("lookup_values".into(), "category".into()));
        assert_eq!(find("CAR_MODEL"), "CATEGORY");
    }

    #[test]
    fn nothing_belongs_to_itself() {
        let of = |name: &str, parent: &str| Module::new(Noun::of_plural(name).unwrap(), parent);
        assert!(of("categories", "category=lookup_values").unwrap_err().to_string().contains("--parent"));
        assert!(of("categories", "categories").is_err());
        assert!(of("products", "categories").is_ok());
    }

    #[test]
    fn articles_follow_the_sound() {
        for (words, expected) in
            [("order", "an"), ("user", "a"), ("unit", "a"), ("hour", "an"), ("product", "a"), ("image", "an")]
        {
            assert_eq!(article(words), expected, "{words}");
        }
    }
}
