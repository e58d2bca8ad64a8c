//! Closed sets of choices: the list of what a study may name by `kind`.

/// Declares an enum with one variant for each struct of the same name, told apart in a study by
/// `kind`; everything is asked of the one it holds, through its trait.
///
/// A variant has no description of its own: that of its struct is what the reference shows.
///
/// The calling crate depends on serde and schemars.
#[macro_export]
macro_rules! choices {
    ($(#[$meta:meta])* $name:ident: $form:ident { $($variant:ident),+ $(,)? }) => {
        $(#[$meta])*
        #[allow(missing_docs)] // each variant is documented where its struct is
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
        #[serde(tag = "kind", rename_all = "snake_case")]
        #[non_exhaustive]
        pub enum $name {
            $($variant($variant)),+
        }

        impl std::ops::Deref for $name {
            type Target = dyn $form;
            fn deref(&self) -> &Self::Target {
                match self {
                    $(Self::$variant(choice) => choice),+
                }
            }
        }

        impl std::ops::DerefMut for $name {
            fn deref_mut(&mut self) -> &mut Self::Target {
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
