package io.millrace.bench;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Who may know whom. Each rule is also run on classes planted to break it, so none of them can pass by being blind. */
class ArchitectureTest {
    private static final String ROOT = "io.millrace";
    private static final String PLANTED_ROOT = "io.millrace.bench.planted";

    private static final JavaClasses PROJECT = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/")
                    && !location.contains("-tests.jar")
                    && !location.contains("jmh_generated"))
            .importPackages(ROOT);
    private static final JavaClasses PLANTED = new ClassFileImporter().importPackages(PLANTED_ROOT);

    private static final Set<String> UNREPEATABLE_CALLS = Set.of(
            "java.lang.System.nanoTime",
            "java.lang.System.currentTimeMillis",
            "java.lang.System.identityHashCode",
            "java.lang.Math.random",
            "java.lang.Thread.sleep",
            "java.time.Instant.now",
            "java.util.UUID.randomUUID",
            "java.util.Map.of",
            "java.util.Map.ofEntries",
            "java.util.Map.copyOf",
            "java.util.Set.of",
            "java.util.Set.copyOf");

    private static final List<ArchRule> RULES = rules(ROOT);
    private static final List<ArchRule> PLANTED_RULES = rules(PLANTED_ROOT);

    @ParameterizedTest
    @FieldSource("RULES")
    void shouldHoldInTheProject(final ArchRule rule) {
        rule.check(PROJECT);
    }

    @ParameterizedTest
    @FieldSource("PLANTED_RULES")
    void shouldBreakOnPlantedClasses(final ArchRule rule) {
        assertTrue(rule.evaluate(PLANTED).hasViolation(), rule.getDescription());
    }

    @ParameterizedTest
    @FieldSource("MODULE_PACKAGES")
    void shouldSeeEveryModule(final String packageName) {
        assertTrue(PROJECT.containPackage(packageName), packageName);
    }

    private static final List<String> MODULE_PACKAGES =
            List.of("io.millrace.ring", "io.millrace.journal", "io.millrace.ops", "io.millrace.bench");

    private static List<ArchRule> rules(final String root) {
        return List.of(
                coreKnowsNoModuleAboveIt(root),
                journalKnowsNoModuleAboveIt(root),
                onlyRingImportsTheDisruptor(root),
                onlyJournalImportsChronicle(root),
                coreDoesNoFileInputOrOutput(root),
                deterministicPackagesCallNothingUnrepeatable(root),
                deterministicPackagesIterateInAFixedOrder(root),
                packagesHaveNoCycles(),
                packagesAreNamedByWhatTheyHold(),
                typesAreNamedByWhatTheyDo());
    }

    private static ArchRule coreKnowsNoModuleAboveIt(final String root) {
        return noClasses()
                .that(areCore(root))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(root + ".journal..", root + ".ops..", root + ".bench..")
                .because("core <- journal <- ops: core has the ports, journal implements them")
                .allowEmptyShould(true);
    }

    private static ArchRule journalKnowsNoModuleAboveIt(final String root) {
        return noClasses()
                .that()
                .resideInAPackage(root + ".journal..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(root + ".ops..", root + ".bench..")
                .because("core <- journal <- ops")
                .allowEmptyShould(true);
    }

    private static ArchRule onlyRingImportsTheDisruptor(final String root) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(root + ".ring..", root + ".bench..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.lmax.disruptor..")
                .because("io.millrace.ring is what the rest knows of the ring")
                .allowEmptyShould(true);
    }

    private static ArchRule onlyJournalImportsChronicle(final String root) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(root + ".journal..", root + ".bench..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("net.openhft..")
                .because("Chronicle is the append engine of io.millrace.journal, and only that")
                .allowEmptyShould(true);
    }

    private static ArchRule coreDoesNoFileInputOrOutput(final String root) {
        return noClasses()
                .that(areCore(root).and(resideOutsideOfPackages(root + ".thread..")))
                .should()
                .dependOnClassesThat(resideInAPackage("java.nio.file..")
                        .or(describe(
                                "are a file of java.io or java.nio",
                                type -> type.getFullName().startsWith("java.io.File")
                                        || type.getFullName().equals("java.io.RandomAccessFile")
                                        || type.getFullName().equals("java.nio.channels.FileChannel"))))
                .because("core writes into buffers it is given; only io.millrace.thread reads /proc, to pin threads")
                .allowEmptyShould(true);
    }

    private static ArchRule deterministicPackagesCallNothingUnrepeatable(final String root) {
        return noClasses()
                .that()
                .resideInAnyPackage(deterministicPackages(root))
                .should()
                .accessTargetWhere(describe("gives another answer in a replay", ArchitectureTest::isUnrepeatable))
                .because("a replay must give the same results: time and chance come in records,"
                        + " and Set.of and Map.of iterate in an order salted per JVM")
                .allowEmptyShould(true);
    }

    private static ArchRule deterministicPackagesIterateInAFixedOrder(final String root) {
        return noClasses()
                .that()
                .resideInAnyPackage(deterministicPackages(root))
                .should()
                .dependOnClassesThat(describe(
                        "have no fixed order or no fixed value",
                        type -> Set.of(
                                        "java.util.HashMap",
                                        "java.util.HashSet",
                                        "java.util.IdentityHashMap",
                                        "java.util.WeakHashMap",
                                        "java.util.Random",
                                        "java.util.SplittableRandom",
                                        "java.util.concurrent.ThreadLocalRandom")
                                .contains(type.getFullName())))
                .because("a replay must give the same results: use the tables of io.millrace.state,"
                        + " an Agrona map whose keys are numbers, or a LinkedHashMap off the message path")
                .allowEmptyShould(true);
    }

    private static ArchRule packagesHaveNoCycles() {
        return slices().assignedFrom(new PackageOfEachClass())
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true);
    }

    private static ArchRule packagesAreNamedByWhatTheyHold() {
        return noClasses()
                .should()
                .resideInAnyPackage("..impl..", "..util..", "..utils..", "..common..", "..helper..", "..manager..")
                .because("packages are plain nouns for what they hold")
                .allowEmptyShould(true);
    }

    private static ArchRule typesAreNamedByWhatTheyDo() {
        return noClasses()
                .should()
                .haveNameMatching(".*(Impl|Utils?|Helper|Manager)")
                .because("a type is named by its role, a second version of it by what differs")
                .allowEmptyShould(true);
    }

    private static DescribedPredicate<JavaClass> areCore(final String root) {
        return resideInAPackage(root + "..")
                .and(resideOutsideOfPackages(root + ".journal..", root + ".ops..", root + ".bench.."));
    }

    private static String[] deterministicPackages(final String root) {
        return new String[] {root + ".dedup..", root + ".window..", root + ".pattern..", root + ".state.."};
    }

    private static boolean isUnrepeatable(final JavaAccess<?> access) {
        return UNREPEATABLE_CALLS.contains(access.getTargetOwner().getFullName() + "." + access.getName());
    }

    private static final class PackageOfEachClass implements SliceAssignment {
        @Override
        public SliceIdentifier getIdentifierOf(final JavaClass type) {
            return SliceIdentifier.of(type.getPackageName());
        }

        @Override
        public String getDescription() {
            return "packages";
        }
    }
}
