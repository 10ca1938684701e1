"""Sizes and colours of charts, for a phone in Discord's dark mode."""

WIDTH, MIN_HEIGHT, MIN_PLOT, PAD = 1200, 750, 360, 40
PAPER, INK, SOFT, GRID = "#2b2d31", "#ffffff", "#d0d3d9", "#4e525a"
COLOURS = (
    "#56b4e9",
    "#ffa929",
    "#3ddc97",
    "#f58fd0",
    "#f0e442",
    "#ff7a55",
    "#b9a5ff",
    "#e3e5e8",
)  # Okabe-Ito, lightened
TITLE, TEXT, SMALL = 46, 34, 30  # pixels; the image is shown at about a third
MOST_TICKS, MOST_LABELS = 6, 12  # up the side; across may hold one more, for seven months
HOUR, DAY = 3600, 86400
