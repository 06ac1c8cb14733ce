/** What the Kamelets of {@code dsl-yaml/kamelets} are made of, beside the calls of {@link dev.sandglass.support.DaprCalls}. */
@NullMarked
package dev.sandglass.support.kamelets;

import org.jspecify.annotations.NullMarked;
