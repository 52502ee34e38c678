package io.millrace.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The conformance cases of cep-cases.jsonl, described in cep-cases.md beside it. */
public final class CepCases {
    public static final long NS_PER_MS = 1_000_000;

    private CepCases() {}

    /** {@return the cases of a dialect} */
    public static List<JsonNode> of(String dialect) {
        List<JsonNode> cases = new ArrayList<>();
        ObjectMapper mapper = new ObjectMapper();
        try (InputStream in = Objects.requireNonNull(CepCases.class.getResourceAsStream("/cep-cases.jsonl"));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode one = mapper.readTree(line);
                if (one.get("dialect").asText().equals(dialect)) {
                    cases.add(one);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return cases;
    }

    /** {@return a watermark of the cases, in nanoseconds: the last one of its millisecond} */
    public static long watermarkNs(long watermarkMs) {
        long endMs = Math.min(watermarkMs + 1, Long.MAX_VALUE / NS_PER_MS);
        return endMs * NS_PER_MS - 1;
    }

    /** {@return a key for a text, the same for the same text} */
    public static long keyOf(JsonNode text) {
        return text == null ? 0 : text.asText().hashCode();
    }
}
