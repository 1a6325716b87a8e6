//! What Word and PowerPoint show from parts of their own: charts and diagrams.

mod chart;
mod diagram;

use crate::{ExtractError, package::Package, relations::Relation, slide::Piece};

/// The text of a part; nothing for parts that hold none.
pub(crate) fn read(package: &mut Package<'_>, relation: &Relation) -> Result<Vec<Piece>, ExtractError> {
    let read: fn(&str) -> Result<Vec<Piece>, ExtractError> = match relation.kind.as_str() {
        "chart" => chart::read,
        "diagramData" => diagram::read,
        _ => return Ok(Vec::new()),
    };
    package.part(&relation.target)?.map_or_else(|| Ok(Vec::new()), |source| read(&source))
}
