"""Which mend serves which kind of fault."""

from pipeline.mending.depths import mend_units
from pipeline.mending.folders import (
    leave_out,
    leave_out_folder,
    leave_out_link,
    leave_out_stray,
    mend_depth,
    mend_missing_folder,
    mend_subset,
    mend_table_name,
)
from pipeline.mending.images import mend_bits, mend_channels, mend_colours, mend_numbers
from pipeline.mending.masks import mend_size, mend_smoothed, mend_values
from pipeline.mending.names import (
    mend_affixes,
    mend_difference,
    mend_marks,
    mend_stems,
    mend_suffix,
    mend_twins,
)
from pipeline.mending.tables import mend_backslashes, mend_column, mend_delimiter, mend_encoding, mend_length, mend_rows
from pipeline.mending.workplace import Mend

MENDS: dict[str, Mend] = {
    "table_misspelt": mend_table_name,
    "table_encoding": mend_encoding,
    "table_delimiter": mend_delimiter,
    "row_length": mend_length,
    "column_unknown": mend_column,
    "path_backslash": mend_backslashes,
    "row_twice": mend_rows,
    "folder_missing": mend_missing_folder,
    "unknown_subset": mend_subset,
    "too_deep": mend_depth,
    "subfolder_empty": leave_out_folder,
    "link_dangling": leave_out_link,
    "link_loop": leave_out_link,
    "stray_file": leave_out_stray,
    "semicolon": mend_marks,
    "hash_sign": mend_marks,
    "line_break": mend_marks,
    "name_bytes": mend_marks,
    "backslash": mend_marks,
    "names_affixed": mend_affixes,
    "name_differs": mend_difference,
    "same_stem": mend_stems,
    "name_twins": mend_twins,
    "wrong_suffix": mend_suffix,
    "lossy_mask": mend_smoothed,
    "mask_smoothed": mend_smoothed,
    "many_values": mend_smoothed,
    "mask_size": mend_size,
    "value_unknown": mend_values,
    "channels_differ": mend_channels,
    "type_differs": mend_bits,
    "channel_type": mend_bits,
    "not_finite": mend_numbers,
    "colour_mode": mend_colours,
    "depth_units": mend_units,
}
"""Mends that change or rename what is there."""

LEAVING_OUT: dict[str, Mend] = dict.fromkeys(
    (
        "file_empty",
        "file_missing",
        "undecodable",
        "too_large",
        "all_ignored",
        "depth_unmeasured",
        "image_missing",
        "mask_missing",
        "depth_missing",
    ),
    leave_out,
)
"""Mends of the last resort, tried when no other has anything left to do: a sample less."""
