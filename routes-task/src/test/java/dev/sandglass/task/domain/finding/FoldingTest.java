package dev.sandglass.task.domain.finding;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.text.Normalizer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("FR-006")
class FoldingTest {
    @ParameterizedTest
    @CsvSource({
        "ŁÓDŹ,lodz",
        "ΣΊΣΥΦΟΣ,σισυφοσ",
        "Straße,strasse",
        "ﬁ Ⅷ,fi viii",
        "한국,한국",
        "𝔘𐐀,u𐐨",
        "a\u0301\u0323B,ab"
    })
    void aTextIsFolded(String text, String folded) {
        assertEquals(Normalizer.normalize(folded, Normalizer.Form.NFKD), Folding.fold(text));
    }

    /** Letter by letter is the same as all at once. */
    @Property
    void whatStandsBesideALetterDoesNotMatter(@ForAll("texts") String text) {
        String apart = Normalizer.normalize(text, Normalizer.Form.NFKD).replaceAll("\\p{M}", "");
        assertEquals(Folding.fold(apart), Folding.fold(text));
    }

    @Provide
    static Arbitrary<String> texts() {
        return Arbitraries.strings()
                .withCharRange('\u00c0', '\u0590')
                .withCharRange('\u0900', '\u1fff')
                .withCharRange('\uac00', '\ufffe')
                .ofMaxLength(50);
    }
}
