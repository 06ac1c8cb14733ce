/** Shared by the routes of every service: the sidecar, problem documents, following the lists of the ledger. */
@NullMarked
package dev.sandglass.support;

import org.jspecify.annotations.NullMarked;
