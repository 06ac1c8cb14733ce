package dev.sandglass.task.domain;

import dev.sandglass.support.Stored;
import dev.sandglass.support.domain.Documents;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The files that a user has had read and may have taken in, the newest last, under {@code imports/<user>}.
 *
 * @param v schema version of the stored value
 */
public record SavedImports(int v, List<Kept> imports) {
    /** A new one takes the place of the oldest: each is 6 MB at most. */
    private static final int MOST = 3;

    /** @param parts of which its plan is */
    public record Kept(String id, int parts) {
        Stream<String> keys(String user) {
            return Stream.concat(
                    Stream.of(Keys.importPlan(user, id)),
                    IntStream.rangeClosed(1, parts).mapToObj(part -> Keys.importPart(user, id, part)));
        }
    }

    public SavedImports {
        imports = List.copyOf(imports);
    }

    static SavedImports of(Documents documents, String user) {
        Stored stored = documents.get(Keys.imports(user));
        return stored.absent() ? new SavedImports(1, List.of()) : stored.as(SavedImports.class);
    }

    /** The oldest imports, which must go to make room for one more. */
    List<Kept> tooOld() {
        return imports.subList(0, Math.max(0, imports.size() - MOST + 1));
    }

    SavedImports with(Kept one) {
        List<Kept> more = new ArrayList<>(imports.subList(tooOld().size(), imports.size()));
        more.add(one);
        return new SavedImports(v, more);
    }
}
