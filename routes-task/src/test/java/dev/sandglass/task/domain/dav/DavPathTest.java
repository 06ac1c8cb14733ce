package dev.sandglass.task.domain.dav;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DavPathTest {
    /** A task of a file is given its UID as a name; a program could not write it under one that a PUT refuses. */
    @Test
    void aNameThatAPutRefusesIsGivenToNoTask() {
        assertTrue(DavPath.isName("a".repeat(255)));
        assertFalse(DavPath.isName("a".repeat(256)));
        assertFalse(DavPath.isName("ä".repeat(128)));
    }
}
