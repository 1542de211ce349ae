//! The macro that declares an input.

/// Declares a struct that is read from JSON or from a query string; see [`input`](mod@crate::input).
///
/// `field as "key" | "other key": Type => "Sentence when empty"`; `as` and `=>` may be left out.
#[macro_export]
macro_rules! input {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident {
            $(
                $(#[$field_meta:meta])*
                pub $field:ident $(as $key:literal $(| $alias:literal)*)? : $ty:ty $(=> $blank:literal)?
            ),* $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        $vis struct $name {
            $( $(#[$field_meta])* pub $field: $ty, )*
        }

        const _: () = {
            use $crate::input::{Field, FieldSpec, Input, Problems, macro_support as support};

            impl Input for $name {
                const NAME: &'static str = stringify!($name);
                const FIELDS: &'static [FieldSpec] = &[$(
                    FieldSpec::of::<$ty>(
                        $crate::input!(@key $field $($key)?),
                        &[$($($alias),*)?],
                        $crate::input!(@blank $($blank)?),
                    )
                ),*];

                fn from_json(json: &[u8]) -> Result<Self, Problems> {
                    support::read_json(json, $name::build)
                }

                fn from_pairs(pairs: &[(String, String)]) -> Result<Self, Problems> {
                    support::read_pairs(pairs, $name::build)
                }
            }

            impl $name {
                fn build(
                    find: &dyn Fn(&FieldSpec) -> Option<$crate::__private::Value>,
                ) -> Result<Self, Vec<String>> {
                    let mut problems = Vec::new();
                    let mut specs = Self::FIELDS.iter();
                    $( let $field = specs.next().and_then(|spec| support::pick::<$ty>(spec, find, &mut problems)); )*
                    match ($($field,)*) {
                        ($(Some($field),)*) => Ok(Self { $($field),* }),
                        _ => Err(problems),
                    }
                }
            }

            impl<'de> support::Deserialize<'de> for $name {
                fn deserialize<D: support::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    struct Object;

                    impl<'de> support::Visitor<'de> for Object {
                        type Value = $name;

                        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                            f.write_str("an object")
                        }

                        fn visit_map<A: support::MapAccess<'de>>(self, mut map: A) -> Result<$name, A::Error> {
                            $( let mut $field: Option<$ty> = None; )*
                            while let Some(key) = map.next_key_seed(support::Key($name::FIELDS))? {
                                $(
                                    if key == Some($crate::input!(@key $field $($key)?)) {
                                        $field = Some(map.next_value::<support::Slot<$ty>>()?.0);
                                        continue;
                                    }
                                )*
                                map.next_value::<support::IgnoredAny>()?;
                            }
                            let missing = |_| <A::Error as support::Error>::custom("missing");
                            Ok($name {
                                $( $field: match $field {
                                    Some(value) => value,
                                    None => <$ty as Field>::absent().map_err(missing)?,
                                }, )*
                            })
                        }
                    }

                    deserializer.deserialize_map(Object)
                }
            }
        };
    };
    (@key $field:ident) => { stringify!($field) };
    (@key $field:ident $key:literal) => { $key };
    (@blank) => { None };
    (@blank $blank:literal) => { Some($blank) };
}
