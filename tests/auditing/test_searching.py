"""The parts of the search, each on features worked out by hand or on one picture."""

import numpy as np

from pipeline.auditing import Planes
from pipeline.auditing.aligning import guess_by_orientation, tell_affine
from pipeline.auditing.keypoints import gather_keypoints, mirror, normalise
from pipeline.auditing.searching import search_alike
from pipeline.auditing.shapes import describe_shape, find_by_shape, turn_matrix
from pipeline.params import AuditParams
from tests.auditing.pictures import draw_clouds
from tests.auditing.poisoned import store_pictures


def test_mirrored_descriptors_are_those_of_the_mirrored_picture(random):
    picture = draw_clouds(random)
    plain, flipped = gather_keypoints([picture]), gather_keypoints([np.ascontiguousarray(picture[:, ::-1])])
    cosines = normalise(mirror(plain.descriptors)) @ normalise(flipped.descriptors).T
    assert np.median(cosines.max(axis=1)) > 0.99


def test_every_orientation_is_found_with_its_matrix(random):
    picture = draw_clouds(random)[:100, :80]
    for turns in range(4):
        for is_flipped in (False, True):
            turned = np.rot90(picture[:, ::-1] if is_flipped else picture, turns)
            shapes = np.stack([describe_shape(np.ascontiguousarray(one)) for one in (picture, turned)])
            found = find_by_shape(shapes, np.arange(2), np.arange(2))
            assert found.pairs[:, :2].tolist() == [[0, 1]]
            affine = guess_by_orientation(turn_matrix(int(found.pairs[0, 2])), picture, turned)
            x, y = np.round(affine @ [10, 20, 1]).astype(int)
            assert turned[y, x] == picture[20, 10]


def test_samples_of_one_unit_or_history_are_not_compared(random):
    planes = Planes(store_pictures([draw_clouds(random)[..., None]] * 3), np.arange(3))
    search = search_alike(planes, np.array([0, 0, 1]), np.array([0, 1, 1]), AuditParams(), 0)
    assert [(one.first, one.second) for one in search.found] == [(0, 2)]


def test_budget_is_kept_and_told(random):
    planes = Planes(store_pictures([draw_clouds(random)[..., None]] * 4), np.arange(4))
    search = search_alike(planes, np.arange(4), np.arange(4), AuditParams(features=2, pairs=1), 0)
    assert (search.verified, len(search.left_out)) == (1, 2)
    assert "audit.features is 2" in search.left_out[0]


def test_transform_is_told_in_words():
    turn = np.array([[0, -0.5, 0], [0.5, 0, 0]], np.float32)
    assert tell_affine(turn, 0.64) == "turned by 90 degrees, scaled by 0.50, 64% of the area in common"
    assert tell_affine(np.eye(2, 3, dtype=np.float32), 1) == "encoded or shaded in another way"
    assert tell_affine(np.diag([-1, 1, 1]).astype(np.float32)[:2], 1) == "mirrored"
