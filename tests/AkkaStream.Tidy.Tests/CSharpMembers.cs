namespace AkkaStream.Tidy.Tests;

/// <summary>A method, constructor, property or operator, from the first line of its declaration to its last.</summary>
sealed record CSharpMember(string Header, int FirstLine, int LastLine)
{
    public int Length => LastLine - FirstLine + 1;
}

/// <summary>
/// Cuts code into types and their members by matching brackets: enough to count lines and to see names, without a
/// compiler. Fields with initialisers are tables, not functions, and are left out.
/// </summary>
static class CSharpMembers
{
    static readonly string[] TypeWords = ["class", "struct", "interface", "record", "enum"];

    /// <summary>Names of all types declared in a file.</summary>
    public static IEnumerable<(string Name, int Line)> Types(SourceFile file)
    {
        var lines = file.CodeLines;
        for (var i = 0; i < lines.Length; i++)
        {
            if (TypeName(lines[i]) is { } name) yield return (name, i + 1);
        }
    }

    public static IEnumerable<CSharpMember> Functions(SourceFile file)
    {
        var code = file.Code;
        var members = new List<CSharpMember>();
        var position = code.IndexOf("namespace ", StringComparison.Ordinal);
        position = position < 0 ? 0 : code.IndexOf(';', position) + 1;
        ReadDeclarations(file, code, ref position, members);
        return members;
    }

    /// <summary>Declarations up to the closing brace of the type around them.</summary>
    static void ReadDeclarations(SourceFile file, string code, ref int position, List<CSharpMember> members)
    {
        while (position < code.Length)
        {
            while (position < code.Length && (char.IsWhiteSpace(code[position]) || code[position] == ';')) position++;
            if (position >= code.Length) return;
            if (code[position] == '}')
            {
                position++;
                return;
            }

            var start = position;
            var headerEnd = EndOfHeader(code, position);
            var header = code[start..headerEnd];
            if (IsType(header))
            {
                position = headerEnd + 1;
                if (headerEnd < code.Length && code[headerEnd] == '{') ReadDeclarations(file, code, ref position, members);
                continue;
            }

            position = EndOfMember(code, headerEnd);
            if (IsField(header)) continue;
            members.Add(new CSharpMember(header.Trim().Split('\n')[0].Trim(), file.LineOf(start), file.LineOf(position - 1)));
        }
    }

    /// <summary>The place of the brace, arrow or semicolon that ends the declaration itself.</summary>
    static int EndOfHeader(string code, int position)
    {
        var depth = 0;
        for (; position < code.Length; position++)
        {
            var c = code[position];
            if (c is '(' or '[') depth++;
            else if (c is ')' or ']') depth--;
            else if (depth == 0 && (c is '{' or ';' or '}' || (c == '=' && Next(code, position) == '>'))) return position;
        }

        return position;
    }

    /// <summary>Behind the closing brace of a block, or behind the semicolon of an expression or initialiser.</summary>
    static int EndOfMember(string code, int position)
    {
        var isBlock = position < code.Length && code[position] == '{';
        var depth = 0;
        for (; position < code.Length; position++)
        {
            var c = code[position];
            if (c is '(' or '[' or '{') depth++;
            else if (c is ')' or ']' or '}') depth--;
            if (depth < 0) return position;
            if (depth > 0) continue;
            if (c == ';') return position + 1;
            if (c == '}' && isBlock && !HasInitialiser(code, position + 1)) return position + 1;
        }

        return position;
    }

    /// <summary><c>{ get; } = value;</c> goes on behind the brace.</summary>
    static bool HasInitialiser(string code, int position)
    {
        while (position < code.Length && char.IsWhiteSpace(code[position])) position++;
        return position < code.Length && code[position] == '=' && Next(code, position) != '>';
    }

    static char Next(string code, int position) => position + 1 < code.Length ? code[position + 1] : '\0';

    static bool IsType(string header) => header.Split('\n').Any(line => TypeName(line) is not null);

    static string? TypeName(string line)
    {
        var words = line.Split([' ', '\t', '(', '<', ':', '{', ';', ',', '\r'], StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i + 1 < words.Length; i++)
        {
            // "where T : class" and "record struct" are no names.
            if (!TypeWords.Contains(words[i]) || TypeWords.Contains(words[i + 1]) || words.Take(i).Contains("where")) continue;
            if (words.Take(i).All(word => IsModifier(word)) && char.IsLetter(words[i + 1][0])) return words[i + 1];
        }

        return null;
    }

    static bool IsModifier(string word) => word is "public" or "internal" or "private" or "protected" or "static" or "sealed"
        or "abstract" or "partial" or "readonly" or "ref" or "file" or "unsafe" or "record" or "new" || word.StartsWith('[');

    /// <summary>A sign of equality outside of brackets, before any body.</summary>
    static bool IsField(string header)
    {
        var depth = 0;
        foreach (var c in header)
        {
            if (c is '(' or '[' or '<') depth++;
            else if (c is ')' or ']' or '>') depth--;
            else if (c == '=' && depth <= 0) return true;
        }

        return !header.Contains('(') && !header.Contains('{') && header.TrimEnd().Length > 0 && IsPlainField(header);
    }

    static bool IsPlainField(string header) => header.Contains("event ") || header.Contains("const ");
}
