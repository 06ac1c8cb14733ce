package dev.sandglass.task.domain.finding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;

@Tag("FR-012")
class WordTest {
    @Property(tries = 2_000)
    void aWordIsFoundWhereItIsAndNowhereElse(
            @ForAll @CharRange(from = 'a', to = 'b') @StringLength(min = 17, max = 24) String word,
            @ForAll @CharRange(from = 'a', to = 'b') @StringLength(max = 60) String before,
            @ForAll @CharRange(from = 'a', to = 'b') @StringLength(max = 60) String after) {
        assertTrue(new Word(word).in(before + word + after));
        assertEquals((before + after).contains(word), new Word(word).in(before + after));
    }

    /** A text that repeats itself makes a search that begins anew at each character take minutes. */
    @Property(tries = 1)
    void aLongWordInALongTextIsLookedForInOneGo() {
        Word word = new Word("ab".repeat(100_000) + "c");
        String text = "ab".repeat(500_000);
        long start = System.nanoTime();
        assertFalse(word.in(text));
        long took = (System.nanoTime() - start) / 1_000_000;
        assertTrue(took < 20_000, took + " ms");
    }
}
