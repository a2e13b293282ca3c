"""What a run says of itself: limits judged, materials beyond what they bear, doubts, and a second look at every solution."""
