//! Columns of a price record in German, French, Spanish, Italian and Portuguese.

use super::vendor::{Field, Vendor};

/// As exchanges, banks and the local pages of investing.com write them.
pub(super) const LANGUAGES: Vendor = Vendor {
    format: None,
    wrote: |_| false,
    basis: None,
    epoch: false,
    names: &[
        (
            Field::Close,
            &[
                "zuletzt",
                "schlusskurs",
                "schluss",
                "dernier",
                "clôture",
                "cloture",
                "cierre",
                "último",
                "ultimo",
                "chiusura",
                "fechamento",
                "closing price",
            ],
        ),
        (Field::Volume, &["volumen", "stücke", "stuecke", "titres échangés"]),
    ],
    unused: &[
        "eröffn.",
        "eröffnung",
        "erster",
        "hoch",
        "tief",
        "+/- %",
        "ouv.",
        "ouverture",
        "plus haut",
        "plus bas",
        "variation %",
        "apertura",
        "máximo",
        "mínimo",
        "% var.",
        "massimo",
        "minimo",
        "var. %",
        "abertura",
        "máxima",
        "mínima",
        "opening price",
        "high price",
        "low price",
    ],
};
