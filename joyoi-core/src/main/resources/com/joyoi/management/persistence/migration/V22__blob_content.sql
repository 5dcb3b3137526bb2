-- content: the gzip of a small content, in place of a row in joyoi_blob_chunk.
${add_blob_content};
