# SPDX-License-Identifier: EUPL-1.2
# Made-up schools for suites that need places: nobody's file is shipped. To be sourced from a suite, in the top folder.

# places_file N: the addresses of N sites of primary schools, under the headings of DUO's file, spread over the municipalities
# of the shipped pact that still exist, in their order. Institutions are 90AA, 90AB ...; three sites each. Every second one is
# Openbaar, every ninth has no website; the first has a telephone number and a postal address, which must never be shown.
places_file() {
  awk -F, -v n="$1" -v m=0 '
    NR > 1 && $2 == "municipality" && $5 == "" { code[m] = substr($1, 3); name[m++] = toupper($3) }
    END {
      print "BEVOEGD GEZAG NUMMER;BRIN NUMMER;VESTIGINGSNUMMER;VESTIGINGSNAAM;STRAATNAAM;HUISNUMMER-TOEVOEGING;POSTCODE;PLAATSNAAM;GEMEENTENUMMER;GEMEENTENAAM;DENOMINATIE;TELEFOONNUMMER;INTERNETADRES;STRAATNAAM CORRESPONDENTIEADRES"
      for (i = 0; i < n; i++) {
        k = int(i / 3); at = i % m
        letters = sprintf("%c%c", 65 + int(k / 26) % 26, 65 + k % 26)
        printf "%d;%02d%s;%02d;School %d;Straat;%d;97%02dAA;%s;%s;%s;%s;%s;%s;%s\n", 40000 + k, 90 - int(k / 676), letters, i % 3, i + 1,
          i % 200 + 1, i % 100, name[at], code[at], name[at], i % 2 ? "Rooms-Katholiek" : "Openbaar", i ? "" : "0501234567",
          i % 9 ? "www.school" i + 1 ".example" : "", i ? "" : "Postbus"
      }
    }' pacts/noord/region.csv
}

# places_import DATABASE N: reads them as primary schools of 1 October 2024.
places_import() {
  local file
  file=$(mktemp) && places_file "$2" > "$file" &&
    build/pactwijzer import duo-places --db "$1" --kind primary --edition 2024-10-01 --source duo-bo-2013 "$file" >&2
  local code=$?
  rm -f "$file"
  return $code
}
