/** What stands between the public origin and the routes: {@code openapi.json}, held against every request. */
@NullMarked
package dev.sandglass.task.routes.http;

import org.jspecify.annotations.NullMarked;
