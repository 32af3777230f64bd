using AkkaStream.Protocol.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace AkkaStream.Protocol.Tests.Generator;

/// <summary>A message that is not described rightly does not compile, and the error names the mistake at its place.</summary>
public class GeneratorFindingsTests
{
    const string Usings = "using System; using AkkaStream.Protocol; using AkkaStream.Protocol.Wire; namespace N;\n";

    static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(p => Path.GetFileName(p) is "System.Runtime.dll" or "System.Private.CoreLib.dll" or "System.Memory.dll")
            .Select(p => MetadataReference.CreateFromFile(p)),
        MetadataReference.CreateFromFile(typeof(ApiTable).Assembly.Location),
    ];

    [Theory]
    [InlineData("public int A { get; init; }", null)]
    [InlineData("[Versions(\"x\")] public int A { get; init; }", "'x' are no versions")]
    [InlineData("[Versions(\"5+\")] public int A { get; init; }", "no version that has A has its structure too")]
    [InlineData("public DateTime A { get; init; }", "System.DateTime is not a type of the wire")]
    [InlineData("public object? A { get; init; }", "object? is not a type of the wire")]
    [InlineData("[NullableFrom(\"1+\")] public int A { get; init; }", "[NullableFrom] on a type that is not nullable")]
    [InlineData("[Tagged(0, \"0+\")] public int A { get; init; }", "tagged in a version that is not flexible")]
    [InlineData("[Versions(\"1+\"), Tagged(0, \"2+\")] public int A { get; init; }", "tagged in some versions and in order")]
    [InlineData("[Tagged(0, \"2+\")] public S A { get; init; } = new();", "a tagged structure must be nullable")]
    [InlineData("[Versions(\"1+\")] public S A { get; init; } = new();", "a structure that some versions lack must be")]
    [InlineData("public T A { get; init; } = new();", "T must be a sealed partial class")]
    [InlineData("public R[] A { get; init; } = [];", "R contains itself")]
    public void Mistakes_in_fields_are_named(string field, string? expected)
    {
        string source = Usings
            + "[KafkaStored(StoredKind.Bare, \"0-3\", \"2+\")] public sealed partial class M\n{\n    " + field + "\n}\n"
            + "public sealed partial class S { public int B { get; init; } }\n"
            + "public sealed partial class R { public R[] C { get; init; } = []; }\n"
            + "public sealed class T { }\n";
        AssertFound(source, expected);
    }

    [Theory]
    [InlineData("[KafkaResponse(200, \"0-1\", \"1+\")] public sealed partial class ARResponse { }", "needs a AResponse")]
    [InlineData("[KafkaResponse(200, \"0-2\", \"1+\")] public sealed partial class AResponse { }", "needs a AResponse")]
    [InlineData("[KafkaResponse(200, \"0-1\", \"0+\")] public sealed partial class AResponse { }", "needs a AResponse")]
    [InlineData("[KafkaResponse(201, \"0-1\", \"1+\")] public sealed partial class AResponse { }", "needs a AResponse")]
    [InlineData("[KafkaResponse(200, \"0-1\", \"1+\")] public sealed partial class AResponse { }", null)]
    public void A_request_and_its_response_must_fit(string response, string? expected) =>
        AssertFound(
            Usings + "[KafkaRequest(200, \"0-1\", \"1+\")] public sealed partial class ARequest { }\n" + response, expected);

    [Fact]
    public void A_finding_points_at_the_property()
    {
        string source = Usings + "[KafkaStored(StoredKind.Bare, \"0\", \"none\")] public sealed partial class M\n{\n"
            + "    public int A { get; init; }\n    public object? B { get; init; }\n}\n";
        Diagnostic finding = Assert.Single(Run(source));
        Assert.Equal(("AKP001", 4), (finding.Id, finding.Location.GetLineSpan().StartLinePosition.Line));
    }

    static void AssertFound(string source, string? expected)
    {
        var found = Run(source).Select(d => d.GetMessage()).ToList();
        if (expected is null) Assert.Empty(found);
        else Assert.Contains(found, f => f.Contains(expected));
    }

    static IEnumerable<Diagnostic> Run(string source)
    {
        var tree = CSharpSyntaxTree.ParseText(source, path: "M.cs");
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable);
        var compilation = CSharpCompilation.Create("N", [tree], References, options);
        GeneratorDriver driver = CSharpGeneratorDriver.Create(new CodecGenerator());
        return driver.RunGenerators(compilation).GetRunResult().Diagnostics;
    }
}
