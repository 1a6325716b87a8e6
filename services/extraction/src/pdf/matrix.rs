//! Where on the page: the six numbers of a PDF transformation.

use lopdf::Object;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Matrix {
    pub(super) a: f64,
    pub(super) b: f64,
    pub(super) c: f64,
    pub(super) d: f64,
    pub(super) e: f64,
    pub(super) f: f64,
}

impl Matrix {
    pub(super) const IDENTITY: Self = Self { a: 1.0, b: 0.0, c: 0.0, d: 1.0, e: 0.0, f: 0.0 };

    pub(super) fn of(operands: &[Object]) -> Option<Self> {
        let [a, b, c, d, e, f] = operands else { return None };
        let matrix = Self { a: number(a)?, b: number(b)?, c: number(c)?, d: number(d)?, e: number(e)?, f: number(f)? };
        [matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f].iter().all(|n| n.is_finite()).then_some(matrix)
    }

    pub(super) const fn shift(x: f64, y: f64) -> Self {
        Self { e: x, f: y, ..Self::IDENTITY }
    }

    /// First this, then the other.
    pub(super) fn then(&self, next: &Self) -> Self {
        Self {
            a: self.a * next.a + self.b * next.c,
            b: self.a * next.b + self.b * next.d,
            c: self.c * next.a + self.d * next.c,
            d: self.c * next.b + self.d * next.d,
            e: self.e * next.a + self.f * next.c + next.e,
            f: self.e * next.b + self.f * next.d + next.f,
        }
    }

    /// How much larger type becomes, across the line.
    pub(super) fn height(&self) -> f64 {
        self.c.hypot(self.d)
    }

    pub(super) fn width(&self) -> f64 {
        self.a.hypot(self.b)
    }

    /// Quarter turns of the writing direction, counter-clockwise.
    pub(super) fn quarter_turns(&self) -> u8 {
        let angle = self.b.atan2(self.a).to_degrees().rem_euclid(360.0);
        if !(45.0..315.0).contains(&angle) {
            0
        } else if angle < 135.0 {
            1
        } else if angle < 225.0 {
            2
        } else {
            3
        }
    }
}

pub(super) fn number(object: &Object) -> Option<f64> {
    object.as_float().ok().map(f64::from)
}
