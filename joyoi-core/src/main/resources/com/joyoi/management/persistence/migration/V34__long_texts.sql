-- Nothing where rows are kept apart from their long texts anyway.
${keep_texts_beside_rows};
