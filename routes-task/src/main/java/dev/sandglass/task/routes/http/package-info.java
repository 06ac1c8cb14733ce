/** The public port: {@code openapi.yaml} is held against every request before a route sees it. */
@NullMarked
package dev.sandglass.task.routes.http;

import org.jspecify.annotations.NullMarked;
