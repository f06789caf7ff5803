: filter OUTPUT,INPUT,FORWARD                # each rule is loaded in each; packets go out unless path= says otherwise
-m ttl --ttl-lt 64      ; = ; OK
    ttl=63                       ; yes
    ttl=64                       ; no
    ttl=0                        ; yes
    ttl=63 frag=185              ; yes          # fragments are looked at
    ttl=63 tcp len=20            ; yes          # header only
    ttl=63 path=input            ; yes
    ttl=63 frag=185 path=input   ; unreached    # waits for its other fragments before INPUT
    ttl=64 path=forward          ; yes          # the hook sees 63
    ttl=65 path=forward          ; no
    ttl=1  path=forward          ; unreached    # the stack answers before FORWARD
-m ttl ! --ttl-eq 255   ; -m ttl ! --ttl-eq 255 ; OK
    ttl=255                      ; no
    ttl=0                        ; yes
-m ttl --ttl-eq 0       ; = ; OK
    ttl=0                        ; yes
    ttl=1                        ; no
    ttl=1 path=forward           ; unreached
    ttl=0 path=input             ; yes
-m ttl --ttl-eq 64      ; = ; OK
    ttl=64 ; yes
    ttl=65 path=forward ; yes
    ttl=64 path=forward ; no
-m ttl --ttl 64         ; -m ttl --ttl-eq 64 ; OK
-m ttl --ttl-gt 254     ; = ; OK
    ttl=255 ; yes
    ttl=254 ; no
    ttl=255 path=forward ; no
-m ttl --ttl-gt 255     ; = ; OK                   # loads, never true
    ttl=255 ; no
-m ttl --ttl-lt 0       ; = ; OK                   # likewise
    ttl=0   ; no
-m ttl --ttl-lt 10 -m ttl --ttl-gt 4 ; = ; OK
    ttl=4  ; no
    ttl=5  ; yes
    ttl=9  ; yes
    ttl=10 ; no
-m ttl --ttl-eq 256     ;   ; FAIL out of range
-m ttl --ttl-eq 1:2     ;   ; FAIL bad value
-m ttl                  ;   ; FAIL You must specify
-m ttl ! --ttl-lt 3     ;   ; FAIL cannot be inverted
6 -m ttl --ttl-eq 1     ;   ; FAIL Couldn't load match
bytes 00                ;   ; FAIL 1 bytes of data, expected 2
