: filter OUTPUT,INPUT,FORWARD
-m string --string "GET /" --algo bm             ; = ; OK
    udp hex=474554202f ; yes
    udp hex=474554202e ; no
    udp hex=676574202f ; no
    udp hex=00474554202f00 ; yes
    udp ; no
    tcp hex=474554202f path=input ; yes
    tcp hex=474554202f path=forward ; yes
    frag=9 hex=474554202f ; yes                  # fragments are searched
    tcp len=24 ; no                              # nothing here is short
-m string ! --string "GET /" --algo kmp          ; = ; OK
    udp hex=474554202f ; no
    udp hex=474554202e ; yes
-m string --string abc --algo bm --from 28 --to 40 ; -m string --string "abc" --algo bm --from 28 --to 40 ; OK
    udp data=abc ; yes                           # at 28, the first byte behind the UDP header
    udp data=xxxxxxxxxabc ; yes                  # 37 to 40
    udp data=xxxxxxxxxxabc ; no                  # 38 to 41
    udp data=xxxxxxxxxxabcabc ; no
    data=xxxxxxxabc ; no                         # at 27
    data=xxxxxxxxabc ; yes                       # at 28
    data=xxxxxabcabc ; yes                       # 25 is too early, 28 is not
-m string --string abc --algo kmp --from 28 --to 40 ; -m string --string "abc" --algo kmp --from 28 --to 40 ; OK
    udp data=xxxxxxxxxabc ; yes
    udp data=xxxxxxxxxxabc ; no
    data=xxxxxxxabc ; no
    data=abababababcab ; yes
-m string --string abc --algo bm --to 31         ; -m string --string "abc" --algo bm --to 31 ; OK
    udp data=abc ; yes
    udp data=xabc ; no
-m string --string abc --algo bm --from 31       ; -m string --string "abc" --algo bm --from 31 ; OK
    udp data=abc ; no
    udp data=abcabc ; yes
    udp data=abcab ; no
-m string --string abc --algo bm --from 5 --to 5 ; -m string --string "abc" --algo bm --from 5 --to 5 ; OK
    udp data=abc ; no
-m string ! --string abc --algo kmp --from 5 --to 7 ; -m string ! --string "abc" --algo kmp --from 5 --to 7 ; OK
    udp data=abc ; yes
-m string --string abc --algo bm --from 65535    ; -m string --string "abc" --algo bm --from 65535 ; OK
    udp data=abc ; no
-m string --string abc --algo kmp --to 65535     ; -m string --string "abc" --algo kmp ; OK
-m string --hex-string "|4500|" --algo bm --to 2  ; = ; OK     # the IP header counts
    udp ; yes
    udp tos=4 ; no
-m string --hex-string "|00 ff|" --algo kmp       ; -m string --hex-string "|00ff|" --algo kmp ; OK
    udp hex=00ff ; yes
    udp hex=01ff ; no
-m string --hex-string "ab|0d0a|cd" --algo bm     ; -m string --hex-string "|61620d0a6364|" --algo bm ; OK
    udp hex=61620d0a6364 ; yes
    udp hex=61620d0b6364 ; no
-m string --hex-string "plain" --algo bm          ; -m string --string "plain" --algo bm ; OK
-m string --string 'say "it"' --algo bm           ; -m string --string "say \"it\"" --algo bm ; OK
-m string --string 'back\slash' --algo bm         ; -m string --string "back\\slash" --algo bm ; OK
-m string --string 'end\' --algo bm               ; -m string --hex-string "|656e645c|" --algo bm ; OK
-m string --string "Host: A" --algo bm --icase    ; = ; OK
    udp hex=484f53543a2041 ; yes
    udp hex=686f73743a2061 ; yes
    udp hex=686f73743b2061 ; no
-m string --string "aBcAbD" --algo kmp --icase    ; = ; OK
    udp data=abcabcabd ; yes
    udp data=ABCABCABD ; yes
    udp data=ABCABCABC ; no
-m string --hex-string "|e4|z" --algo bm --icase  ; -m string --hex-string "|e47a|" --algo bm --icase ; OK     # Latin-1 letters fold
    udp hex=c45a ; yes
    udp hex=e47a ; yes
    udp hex=e57a ; no
-m string --hex-string "|f7|z" --algo bm --icase  ; -m string --hex-string "|f77a|" --algo bm --icase ; OK     # the division sign does not
    udp hex=f75a ; yes
    udp hex=d75a ; no
-m string --hex-string "|df|z" --algo kmp --icase ; -m string --hex-string "|df7a|" --algo kmp --icase ; OK    # sharp s loses its bit
    udp hex=df5a ; yes
    udp hex=bf5a ; yes
    udp hex=ff5a ; no
-m string --hex-string "|ff|z" --algo kmp --icase ; -m string --hex-string "|ff7a|" --algo kmp --icase ; OK    # and so does y with two dots
    udp hex=ff5a ; yes
    udp hex=df5a ; no
    udp hex=bf5a ; no
-m string --hex-string "|7b|z" --algo kmp --icase ; -m string --string "{z" --algo kmp --icase ; OK
    udp hex=7b5a ; yes
    udp hex=5b5a ; no
-m string --hex-string "|df|z" --algo bm --icase  ;   ; REFUSED byte 0xdf in a bm pattern
-m string --string "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab" --algo bm ; = ; OK
    udp data=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab ; yes
    udp data=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab ; no
patch 0 09 00 08 00                               ;   ; FAIL from 9 behind to 8
patch 148 00                                      ;   ; FAIL a pattern of 0 bytes
patch 148 81                                      ;   ; FAIL a pattern of 129 bytes
patch 149 04                                      ;   ; FAIL flags 0x4
patch 19 01                                       ;   ; FAIL an algorithm name without an end
patch 4 78 78 00                                  ;   ; FAIL algorithm xx
-m string --string xy --algo kmp                   ; -m string --string "xy" --algo kmp ; OK
patch 8 41                                        ; -m string --string "xy" --algo kmp ; OK      # bytes behind the name's end
    udp data=xy ; yes
6 -m string --string "abc" --algo bm --from 48    ; = ; OK
    udp data=abc ; yes
    data=abc ; no
    frag=3 data=abc ; yes
    hop=8 udp data=abc path=input ; yes
    udp data=abc path=forward ; yes
6 -m string ! --string "abc" --algo kmp --icase   ; = ; OK
    udp data=ABC ; no
    udp data=AB ; yes
-m string --string abc                            ;   ; FAIL --algo
-m string --algo bm                               ;   ; FAIL must specify
-m string --string abc --algo nonsense            ;   ; FAIL No chain/target/match
-m string --string abc --algo bm --from 9 --to 8  ;   ; FAIL Run `dmesg'
-m string --string "" --algo bm                   ;   ; FAIL Invalid argument
-m string --string "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" --algo bm ; ; FAIL STRING too long
-m string --hex-string "|4|" --algo bm            ;   ; FAIL hex
bytes 00 00 ff ff                                 ;   ; FAIL 4 bytes of data, expected 160
