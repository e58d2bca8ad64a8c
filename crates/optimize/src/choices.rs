//! Closed sets of choices: an enum of checked structs that hands each question to the one it holds.

/// Declares such an enum with a conversion from each of its members; `as_dyn` is the only match over
/// them.
macro_rules! choices {
    ($(#[$meta:meta])* $name:ident: $form:path {
        $($(#[$variant_meta:meta])* $variant:ident),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant($variant)),+
        }

        impl $name {
            pub(crate) fn as_dyn(&self) -> &dyn $form {
                match self {
                    $(Self::$variant(choice) => choice),+
                }
            }

            #[allow(dead_code)] // not every set is changed after it is made
            pub(crate) fn as_dyn_mut(&mut self) -> &mut dyn $form {
                match self {
                    $(Self::$variant(choice) => choice),+
                }
            }
        }

        $(
            impl From<$variant> for $name {
                fn from(choice: $variant) -> Self {
                    Self::$variant(choice)
                }
            }
        )+
    };
}

pub(crate) use choices;
