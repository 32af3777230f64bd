using System.Text;

namespace AkkaStream.Hocon.Syntax;

/// <summary>Values: whatever stands side by side on one line is read piece by piece and then joined.</summary>
partial class DocumentReader
{
    HoconElement ReadValue(string what)
    {
        SkipBlanks();
        var origin = Here;
        var start = Position;
        var parts = new List<HoconElement>();
        while (true)
        {
            var blanks = Position;
            var blanksOrigin = Here;
            SkipBlanks();
            if (AtEnd || Current is '\n' or ',' or '}' or ']' || AtComment) break;
            if (parts.Count > 0 && Position > blanks)
                parts.Add(new ScalarElement(blanksOrigin, HoconKind.String, TextFrom(blanks), quoted: false));
            parts.Add(ReadPart(start));
        }

        if (parts.Count == 0)
        {
            throw new HoconException(origin, AtEnd
                ? $"the text ends where the value of {what} should stand; write a value, or null for none"
                : $"the value of {what} is missing; write a value, or null for none, or \"\" for an empty text");
        }

        return parts.Count == 1 ? parts[0] : Join(origin, parts);
    }

    HoconElement ReadPart(int valueStart)
    {
        var origin = Here;
        switch (Current)
        {
            case '{': return ReadObject();
            case '[': return ReadList();
            case '"': return new ScalarElement(origin, HoconKind.String, ReadQuoted(), quoted: true);
            case '$': return ReadSubstitution();
            default: return ReadUnquoted(valueStart);
        }
    }

    SubstitutionElement ReadSubstitution()
    {
        var origin = Here;
        Skip();
        if (!Next('{'))
            throw new HoconException(origin,
                "a $ begins a substitution such as ${path}; put it in double quotes to mean a dollar sign");
        Skip();
        var optional = Next('?');
        if (optional) Skip();
        var path = ReadPath("a substitution");
        if (!Next('}'))
            throw new HoconException(origin, $"this substitution is never closed; write ${{{HoconPath.Render(path)}}}");
        Skip();
        return new SubstitutionElement(origin, path, optional, mount);
    }

    ScalarElement ReadUnquoted(int valueStart)
    {
        var origin = Here;
        var start = Position;
        if (Current is (>= '0' and <= '9') or '-')
        {
            // A number may hold a plus, which no other unquoted text may.
            while (!AtEnd && Current is (>= '0' and <= '9') or '+' or '-' or '.' or 'e' or 'E') Skip();
            var number = TextFrom(start);
            if (IsNumber(number))
            {
                if (AtEnd || EndsUnquoted()) return new ScalarElement(origin, HoconKind.Number, number, quoted: false);
            }
            else if (number.Contains('+'))
            {
                throw Forbidden(origin, valueStart, '+');
            }
        }

        while (!AtEnd && !EndsUnquoted()) Skip();
        if (Position == start) throw Forbidden(origin, valueStart, Current);
        var text = TextFrom(start);
        return new ScalarElement(origin, KindOf(text), text, quoted: false);
    }

    bool EndsUnquoted() => IsBlank(Current) || IsReserved(Current) || AtComment;

    HoconException Forbidden(HoconOrigin origin, int valueStart, char c) => new(origin,
        $"the character {c} is not allowed in an unquoted text; put the value in double quotes: " +
        $"\"{RestOfLine(valueStart).Replace("\\", "\\\\").Replace("\"", "\\\"")}\"");

    static HoconKind KindOf(string text) => text switch
    {
        "true" or "false" => HoconKind.Boolean,
        "null" => HoconKind.Null,
        _ => HoconKind.String,
    };

    /// <summary>JSON's grammar of numbers.</summary>
    internal static bool IsNumber(ReadOnlySpan<char> text)
    {
        if (text is ['-', ..]) text = text[1..];
        var digits = Digits(text);
        if (digits == 0 || (text[0] == '0' && digits > 1)) return false;
        text = text[digits..];
        if (text is ['.', ..])
        {
            digits = Digits(text[1..]);
            if (digits == 0) return false;
            text = text[(digits + 1)..];
        }

        if (text is not ['e' or 'E', ..]) return text.IsEmpty;
        text = text[1..];
        if (text is ['+' or '-', ..]) text = text[1..];
        return text.Length > 0 && Digits(text) == text.Length;
    }

    static int Digits(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAnyExceptInRange('0', '9');
        return end < 0 ? text.Length : end;
    }

    static HoconElement Join(HoconOrigin origin, List<HoconElement> parts)
    {
        var objects = false;
        var lists = false;
        var expressions = false;
        foreach (var part in parts)
        {
            objects |= part is ObjectElement;
            lists |= part is ListElement;
            expressions |= part is SubstitutionElement;
        }

        if (objects) return JoinObjects(origin, parts);
        if (lists || expressions) return new ConcatenationElement(origin, parts);
        var text = new StringBuilder();
        foreach (var part in parts) text.Append(((ScalarElement)part).Text);
        return new ScalarElement(origin, HoconKind.String, text.ToString(), quoted: true);
    }

    static MergeElement JoinObjects(HoconOrigin origin, List<HoconElement> parts)
    {
        var merged = new List<HoconElement>();
        foreach (var part in parts)
        {
            switch (part)
            {
                case ObjectElement:
                    merged.Add(part);
                    break;
                case SubstitutionElement s:
                    merged.Add(new SubstitutionElement(s.Origin, s.Path, s.Optional, s.Mount) { MustBeObject = true });
                    break;
                case ScalarElement { IsLayout: true }:
                    break;
                default:
                    throw new HoconException(part.Origin, "an object can only be joined with objects; " +
                        "put a comma or a new line between them, or remove one");
            }
        }

        return new MergeElement(origin, merged);
    }
}
