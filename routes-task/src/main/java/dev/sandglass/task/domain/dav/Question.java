package dev.sandglass.task.domain.dav;

import dev.sandglass.support.domain.Rejection;
import dev.sandglass.support.domain.Rejection.Reason;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a PROPFIND or a REPORT asks. */
public sealed interface Question {
    /** Hrefs of a multiget. */
    int MOST = 1_000;

    Wanted wanted();

    /** @param members whether it asks for what is directly below too */
    record Properties(Wanted wanted, boolean members) implements Question {}

    record Query(Wanted wanted, TodoFilter filter) implements Question {}

    record Named(Wanted wanted, List<String> hrefs) implements Question {}

    /**
     * @param after the number of the last change that the client has; 0: it has nothing; -1: what it says was not made here
     * @param most how many it takes
     */
    record Since(Wanted wanted, long after, int most) implements Question {}

    /** @throws Rejection where it is none that can be answered */
    static Question of(String method, @Nullable String depth, String body) {
        Optional<Element> asked = Element.read(body);
        if (method.equals("PROPFIND")) {
            if (depth == null || depth.equalsIgnoreCase("infinity")) {
                throw Refused.because(Names.FINITE_DEPTH, "Ask with Depth: 0 or 1");
            }
            if (!depth.equals("0") && !depth.equals("1")) {
                throw Element.unreadable("Depth is 0 or 1");
            }
            return new Properties(Wanted.of(asked), depth.equals("1"));
        }
        Element report = asked.orElseThrow(() -> Element.unreadable("A REPORT needs a body"));
        Wanted wanted = Wanted.in(report);
        if (report.is(Names.QUERY)) {
            return new Query(wanted, TodoFilter.of(report.child(Names.FILTER)));
        }
        if (report.is(Names.MULTIGET)) {
            List<String> hrefs = report.children(Names.HREF).map(Element::said).toList();
            if (hrefs.size() > MOST) {
                throw Refused.because(Names.WITHIN_LIMITS, "Ask for " + MOST + " at once, not more");
            }
            return new Named(wanted, hrefs);
        }
        if (report.is(Names.SYNC)) {
            String token = report.child(Names.SYNC_TOKEN).map(Element::said).orElse("");
            return new Since(wanted, SyncToken.read(token), most(report));
        }
        throw Refused.because(Names.SUPPORTED_REPORT, "There is no such report here");
    }

    private static int most(Element sync) {
        String most = sync.child(Names.LIMIT)
                .flatMap(limit -> limit.child(Names.MOST_RESULTS))
                .map(Element::said)
                .orElse("");
        if (most.isEmpty()) {
            return Integer.MAX_VALUE;
        }
        if (!most.matches("[1-9]\\d{0,8}")) {
            throw new Rejection(Reason.UNREADABLE, "nresults is a number");
        }
        return Integer.parseInt(most);
    }
}
