using System.Globalization;
using System.Text;
using EcgStream.Formats.Wfdb;

namespace EcgStream.Formats.Tests.Wfdb;

/// <summary>A second reading of format 212 and of annotations, bit by bit, for the tests to hold the product's against.</summary>
internal static class NaiveWfdb
{
    /// <summary>Format 212 by its hex digits: bytes AB CD EF hold the samples DAB and CEF.</summary>
    public static int[] Decode212(byte[] bytes, int samples)
    {
        StringBuilder hex = new(Convert.ToHexString(bytes));
        while (hex.Length % 6 != 0)
        {
            hex.Append('0');
        }

        int[] decoded = new int[samples];
        for (int i = 0; i < samples; i++)
        {
            string three = hex.ToString(i / 2 * 6, 6);
            string digits = i % 2 == 0 ? $"{three[3]}{three[0]}{three[1]}" : $"{three[2]}{three[4]}{three[5]}";
            int value = int.Parse(digits, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            decoded[i] = value >= 2048 ? value - 4096 : value;
        }

        return decoded;
    }

    /// <summary>Annotations from whole words, each annotation with the words that follow it.</summary>
    public static List<WfdbAnnotation> Annotations(byte[] bytes)
    {
        List<WfdbAnnotation> annotations = [];
        long time = 0;
        int num = 0;
        int chn = 0;
        int at = 0;
        while (bytes[at] != 0 || bytes[at + 1] != 0)
        {
            int code = bytes[at + 1] / 4;
            int interval = ((bytes[at + 1] % 4) * 256) + bytes[at];
            at += 2;
            if (code == 59)
            {
                long high = (bytes[at + 1] * 256) + bytes[at];
                long low = (bytes[at + 3] * 256) + bytes[at + 2];
                long skip = (high * 65536) + low;
                time += skip >= 1L << 31 ? skip - (1L << 32) : skip;
                at += 4;
                continue;
            }

            time += interval;
            int sub = 0;
            string? aux = null;
            while (bytes[at + 1] / 4 >= 60)
            {
                int field = bytes[at + 1] / 4;
                int value = bytes[at];
                at += 2;
                switch (field)
                {
                    case 60: num = value; break;
                    case 61: sub = value; break;
                    case 62: chn = value; break;
                    default:
                        aux = Encoding.ASCII.GetString(bytes, at, value);
                        at += (value + 1) / 2 * 2;
                        break;
                }
            }

            annotations.Add(new WfdbAnnotation(time, (WfdbAnnotationCode)code, (sbyte)sub, (byte)chn, (sbyte)num, aux));
        }

        return annotations;
    }
}
