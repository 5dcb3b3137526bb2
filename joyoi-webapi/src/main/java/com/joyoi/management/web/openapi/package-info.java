/**
 * The OpenAPI document, made from the table of routes. Entry types: {@link
 * com.joyoi.management.web.openapi.CallDoc}, {@link
 * com.joyoi.management.web.openapi.OpenApiDocument}. Imports the model and the JSON package.
 */
@NullMarked
package com.joyoi.management.web.openapi;

import org.jspecify.annotations.NullMarked;
