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

        impl $crate::input::Input for $name {
            const NAME: &'static str = stringify!($name);
            const FIELDS: &'static [$crate::input::FieldSpec] = &[$(
                $crate::input::FieldSpec::of::<$ty>(
                    $crate::input!(@key $field $($key)?),
                    &[$($($alias),*)?],
                    $crate::input!(@blank $($blank)?),
                )
            ),*];

            fn build(given: &$crate::input::Given<'_>) -> Result<Self, Vec<String>> {
                let mut problems = Vec::new();
                let mut fields = 0..;
                // Every field is looked at, so that every problem is told.
                $( let $field = fields.next().and_then(|field| given.take::<$ty>(field, &mut problems)); )*
                match ($($field,)*) {
                    ($(Some($field),)*) => Ok(Self { $($field),* }),
                    _ => Err(problems),
                }
            }
        }
    };
    (@key $field:ident) => { stringify!($field) };
    (@key $field:ident $key:literal) => { $key };
    (@blank) => { None };
    (@blank $blank:literal) => { Some($blank) };
}
