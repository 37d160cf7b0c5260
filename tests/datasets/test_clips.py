"""Clips never leave a sequence or a subset."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.datasets.clips import clip_positions


def index_of(*frames: tuple[str, int]) -> pd.DataFrame:
    return pd.DataFrame(frames, columns=["sequence", "time"])


def test_clips_hold_the_frames_before() -> None:
    index = index_of(("a", 0), ("a", 1), ("a", 2))
    np.testing.assert_array_equal(clip_positions(index, np.arange(3), 3), [[0, 0, 0], [0, 0, 1], [0, 1, 2]])


def test_clips_follow_time_whatever_the_order_of_rows() -> None:
    index = index_of(("a", 2), ("a", 0), ("a", 1))
    np.testing.assert_array_equal(clip_positions(index, np.array([0]), 2), [[0, 0]])
    np.testing.assert_array_equal(clip_positions(index, np.arange(3), 3), [[1, 2, 0], [1, 1, 1], [1, 1, 2]])


def test_no_samples_have_no_clips() -> None:
    assert clip_positions(index_of(("a", 0)), np.array([], dtype=np.intp), 3).shape == (0, 3)


def test_a_missing_frame_is_replaced_by_the_one_after_it() -> None:
    index = index_of(("a", 0), ("a", 1), ("a", 2), ("a", 3))
    np.testing.assert_array_equal(clip_positions(index, np.array([0, 2, 3]), 3), [[0, 0, 0], [2, 2, 2], [2, 2, 3]])


def test_samples_without_sequence_are_repeated() -> None:
    index = index_of(("", 0), ("", 1))
    np.testing.assert_array_equal(clip_positions(index, np.arange(2), 2), [[0, 0], [1, 1]])


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["", "a", "b"]), st.integers(0, 6)), min_size=1, max_size=14, unique=True),
    st.integers(1, 5),
    st.randoms(use_true_random=False),
)
def test_clips_keep_within_sequence_and_subset(frames: list[tuple[str, int]], length: int, random: object) -> None:
    index = index_of(*frames)
    positions = np.array(random.sample(range(len(frames)), random.randint(1, len(frames))))  # type: ignore[attr-defined]
    clips = clip_positions(index, positions, length)
    assert clips.shape == (len(positions), length)
    np.testing.assert_array_equal(clips[:, -1], positions)
    assert set(clips.ravel()) <= set(positions)
    for clip in clips:
        (sequence,) = set(index["sequence"].iloc[clip])
        times = index["time"].iloc[clip].tolist()
        assert times == sorted(times)
        assert times[-1] - times[0] < length
        assert sequence or len(set(clip)) == 1
