//! Places on a page as it is shown.

/// In points from the left and the top of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Rect {
    pub(super) left: f32,
    pub(super) top: f32,
    pub(super) right: f32,
    pub(super) bottom: f32,
}

impl Rect {
    pub(super) fn union(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    pub(super) fn middle(self) -> (f32, f32) {
        ((self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0)
    }
}

/// Which part of the page's plane is shown, and how it is turned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Frame {
    /// In the page's own coordinates, which grow to the right and upwards.
    pub(super) left: f32,
    pub(super) bottom: f32,
    pub(super) right: f32,
    pub(super) top: f32,
    /// Quarter turns, clockwise.
    pub(super) turns: u8,
}

impl Frame {
    /// Width and height as shown.
    pub(super) fn size(&self) -> (f32, f32) {
        let (width, height) = (self.right - self.left, self.top - self.bottom);
        if self.turns.is_multiple_of(2) { (width, height) } else { (height, width) }
    }

    fn point(&self, x: f32, y: f32) -> (f32, f32) {
        match self.turns % 4 {
            0 => (x - self.left, self.top - y),
            1 => (y - self.bottom, x - self.left),
            2 => (self.right - x, y - self.bottom),
            _ => (self.top - y, self.right - x),
        }
    }

    /// A rectangle of the page's own coordinates, as shown.
    pub(super) fn rect(&self, (x0, y0): (f32, f32), (x1, y1): (f32, f32)) -> Rect {
        let (a, b) = (self.point(x0, y0), self.point(x1, y1));
        Rect { left: a.0.min(b.0), top: a.1.min(b.1), right: a.0.max(b.0), bottom: a.1.max(b.1) }
    }

    /// A point along and above a line of text that is written in the given direction, in quarter turns against the
    /// clock of what is shown.
    pub(super) fn along(&self, turns: u8, x: f32, y: f32) -> (f64, f64) {
        let (x, y) = self.point(x, y);
        let (x, y) = (f64::from(x), -f64::from(y));
        match turns % 4 {
            0 => (x, y),
            1 => (y, -x),
            2 => (-x, -y),
            _ => (-y, x),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turned_pages_are_seen_upright() {
        let frame = |turns| Frame { left: 10.0, bottom: 20.0, right: 110.0, top: 220.0, turns };
        // The lower left corner, and a point a little above and right of it.
        let rect = |turns| frame(turns).rect((10.0, 20.0), (15.0, 30.0));
        assert_eq!(rect(0), Rect { left: 0.0, top: 190.0, right: 5.0, bottom: 200.0 });
        assert_eq!(rect(1), Rect { left: 0.0, top: 0.0, right: 10.0, bottom: 5.0 });
        assert_eq!(rect(2), Rect { left: 95.0, top: 0.0, right: 100.0, bottom: 10.0 });
        assert_eq!(rect(3), Rect { left: 190.0, top: 95.0, right: 200.0, bottom: 100.0 });
        assert_eq!(frame(1).size(), (200.0, 100.0));
    }

    #[test]
    fn text_runs_to_the_right_whatever_its_direction() {
        let frame = Frame { left: 0.0, bottom: 0.0, right: 100.0, top: 100.0, turns: 0 };
        for (turns, step) in [(0, (1.0, 0.0)), (1, (0.0, 1.0)), (2, (-1.0, 0.0)), (3, (0.0, -1.0))] {
            let (a, b) = (frame.along(turns, 50.0, 50.0), frame.along(turns, 50.0 + step.0, 50.0 + step.1));
            assert_eq!((b.0 - a.0, b.1 - a.1), (1.0, 0.0), "{turns}");
        }
    }
}
