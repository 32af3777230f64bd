using System.Collections.Immutable;
using System.Linq;
using Microsoft.CodeAnalysis;

namespace AkkaStream.Protocol.Generator;

/// <summary>
/// Runs in the compiler when AkkaStream.Protocol is built: one file per described message, and two tables over all of
/// them. The shape of what is written is explained in docs/recipes/add-an-api.md.
/// </summary>
[Generator]
public sealed class CodecGenerator : IIncrementalGenerator
{
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<MessageModel> requests = Messages(context, "KafkaRequest", MessageKind.Request);
        IncrementalValuesProvider<MessageModel> responses = Messages(context, "KafkaResponse", MessageKind.Response);
        IncrementalValuesProvider<MessageModel> stored = Messages(context, "KafkaStored", MessageKind.Stored);
        Messages(context, "KafkaHeader", MessageKind.Header);

        context.RegisterSourceOutput(requests.Collect().Combine(responses.Collect()), (output, both) =>
        {
            CheckPairs(output, both.Left, both.Right);
            output.AddSource("ApiTable.g.cs", TableEmitter.EmitApiTable(both.Left, both.Right));
        });
        context.RegisterSourceOutput(stored.Collect(), (output, all) =>
            output.AddSource("StoredTable.g.cs", TableEmitter.EmitStoredTable(all)));
    }

    internal static string VersionCheck(MessageModel message)
    {
        Versions valid = message.Valid;
        string wrong = valid.Low == valid.High
            ? $"version != {valid.Low}"
            : $"version is < {valid.Low} or > {valid.High}";
        return $"if ({wrong}) WireVersionException.Throw(\"{message.Name}\", version, {valid.Low}, {valid.High});";
    }

    static IncrementalValuesProvider<MessageModel> Messages(
        IncrementalGeneratorInitializationContext context, string attribute, MessageKind kind)
    {
        IncrementalValuesProvider<MessageModel> models = context.SyntaxProvider.ForAttributeWithMetadataName(
            $"AkkaStream.Protocol.{attribute}Attribute",
            (_, _) => true,
            (found, cancel) => MessageReader.Read(found, kind, cancel));
        context.RegisterSourceOutput(models, (output, model) =>
        {
            foreach (Finding finding in model.Findings) output.ReportDiagnostic(finding.ToDiagnostic());
            if (model.Findings.Count == 0) output.AddSource($"{model.Name}.g.cs", Emit(model));
        });
        return models;
    }

    static string Emit(MessageModel message)
    {
        var source = new SourceText(message.Namespace);
        var reader = new ReaderEmitter(message, source);
        var writer = new WriterEmitter(message, source);
        var inArrays = message.Structs.SelectMany(s => s.Fields)
            .Where(f => f.IsArray && f.StructName is not null).Select(f => f.StructName).ToImmutableHashSet();
        var asDefaults = message.Structs.SelectMany(s => s.Fields)
            .Where(f => f is { IsArray: false, StructName: not null, Tag: >= 0, Default: not null })
            .Select(f => f.StructName).ToImmutableHashSet();
        foreach (StructModel structure in message.Structs)
        {
            source.Line("");
            source.Open(
                $"sealed partial class {structure.Name}{(structure == message.Root ? Interfaces(message) : "")}");
            if (!message.Flexible.IsEmpty)
            {
                source.Line("/// <summary>Tagged fields that are not described, in rising order.</summary>");
                source.Line("public TaggedField[]? UnknownTags { get; init; }");
                source.Line("");
            }

            reader.EmitConstructors(structure);
            if (structure == message.Root) EmitRoot(message, source);
            source.Line("");
            writer.EmitSize(structure);
            source.Line("");
            writer.EmitWrite(structure);
            if (asDefaults.Contains(structure.Name))
            {
                source.Line("");
                writer.EmitIsDefault(structure);
            }

            if (inArrays.Contains(structure.Name))
            {
                source.Line("");
                reader.EmitArray(structure);
                source.Line("");
                writer.EmitArrays(structure);
            }

            source.Close();
        }

        return source.ToString();
    }

    static string Interfaces(MessageModel message) =>
        message.Kind switch
        {
            MessageKind.Request => $" : IRequest<{ResponseOf(message)}>",
            MessageKind.Stored => " : IStoredMessage",
            _ => " : IMessage",
        };

    static string ResponseOf(MessageModel request) =>
        request.Name.Substring(0, request.Name.Length - "Request".Length) + "Response";

    static void EmitRoot(MessageModel message, SourceText source)
    {
        source.Line("");
        source.Open($"public static {message.Name} Read(ref WireReader reader, short version)");
        source.Line(VersionCheck(message));
        source.Line($"reader.Enter(\"{message.Name}\", version);");
        source.Line($"return new {message.Name}(ref reader, version);");
        source.Close();
        if (message.Kind == MessageKind.Stored)
        {
            source.Line("");
            source.Line($"StoredKind IStoredMessage.Kind => StoredKind.{message.StoredKind};");
            source.Line("");
            source.Line($"short IStoredMessage.Id => {message.Key};");
        }

        if (message.Kind != MessageKind.Request) return;
        source.Line("");
        source.Line($"ApiKey IRequest.ApiKey => (ApiKey){message.Key};");
        source.Line("");
        string response = ResponseOf(message);
        source.Line($"{response} IRequest<{response}>.ReadResponse(ref WireReader reader, short version) =>");
        source.Line($"    {response}.Read(ref reader, version);");
    }

    static void CheckPairs(
        SourceProductionContext output, ImmutableArray<MessageModel> requests, ImmutableArray<MessageModel> responses)
    {
        foreach (MessageModel request in requests)
        {
            MessageModel? response = responses.FirstOrDefault(r => r.Key == request.Key);
            if (response is not null && response.Valid == request.Valid && response.Flexible == request.Flexible
                && response.Name == ResponseOf(request)) continue;
            string text = $"{request.Name} needs a {ResponseOf(request)} with its key, versions and flexible versions";
            output.ReportDiagnostic(new Finding(text, "", 0, 0).ToDiagnostic());
        }
    }
}
