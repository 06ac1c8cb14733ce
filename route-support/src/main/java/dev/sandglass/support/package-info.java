/** What the routes of every service share: the sidecar, problem documents, following the lists of the ledger. */
@NullMarked
package dev.sandglass.support;

import org.jspecify.annotations.NullMarked;
