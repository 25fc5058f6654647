using System.Text;
using InfluxDB.Client.Core.Exceptions;
using InfluxDB.Client.Internal;

namespace EcgStream.Fuzz.Targets;

/// <summary>What a server answers to a Flux query. Anything that is not annotated CSV must be told as such, and nothing else.</summary>
internal sealed class AnnotatedCsvTarget : FuzzTarget
{
    private const string Head = "#datatype,string,long,dateTime:RFC3339,double,string,boolean\r\n#group,false,false,false,false,true,false\r\n#default,_result,,,,,\r\n,result,table,_time,_value,site,ok\r\n";

    public override string Name => "annotated-csv";

    public override IReadOnlyList<byte[]> Corpus { get; } =
    [
        .. new[]
        {
            Head + ",,0,2026-01-01T00:00:00Z,1.5,main,true\r\n,,0,2026-01-01T00:00:00.000000001Z,-2,\"a \"\"quoted\"\", value\",false\r\n",
            Head + ",,0,2026-01-01T00:00:00Z,1.5,main,true\r\n\r\n" + Head + ",,1,2026-01-01T00:00:00Z,,x,\r\n",
            "#datatype,string,long,duration,unsignedLong,base64Binary,dateTime:RFC3339Nano\n#group,true,false,false,false,false,false\n#default,,,,,,\n,result,table,d,u,b,t\n,r,0,5,18446744073709551615,AQID,2026-01-01T00:00:00.123456789Z\n",
            "#datatype,string,string\n#group,true,true\n#default,,\n,error,reference\n,\"failed, to compile\",897\n",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    public override bool Run(ReadOnlyMemory<byte> input, ref Dice dice)
    {
        try
        {
            using var text = new StreamReader(new MemoryStream(input.ToArray()), Encoding.UTF8);
            var reader = new FluxCsvReader(text);
            var records = 0;
            while (reader.Read() is { } record)
            {
                records++;
                _ = record.ToString();
                if (record.Values.Count > FluxCsvReader.MaximumColumns)
                {
                    throw new FindingException($"{record.Values.Count} values in one record");
                }
            }

            return records > 0;
        }
        catch (InfluxException)
        {
            return false;
        }
    }
}
